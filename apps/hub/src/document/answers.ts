import type { StreamableFile } from '@nestjs/common';
import type { Schema } from './schema';

/** What a handler answers, as the document tells it. */
export interface Answer {
  schema?: Schema<never>;
  /** Other statuses than that of success that have the same body. */
  also?: readonly number[];
  /** Media types of answers that are no JSON. */
  files?: readonly string[];
}

type Handler<T> = (...given: never[]) => T | StreamableFile | Promise<T | StreamableFile>;

const answerKey = Symbol('answer');

/** Says what a handler answers with success. One that answers something else does not compile. */
export const Answers =
  <T>(schema: Schema<T>, ...also: number[]) =>
  <H extends Handler<T>>(_controller: object, _name: string, handler: TypedPropertyDescriptor<H>): void =>
    add(handler.value!, { schema, also });

/** Says that a handler answers bytes of one of these media types. */
export const AnswersFile =
  (...files: string[]) =>
  (_controller: object, _name: string, handler: PropertyDescriptor): void =>
    add(handler.value as object, { files });

export const answerOf = (handler: object): Answer =>
  (Reflect.getMetadata(answerKey, handler) as Answer | undefined) ?? {};

function add(handler: object, answer: Answer): void {
  Reflect.defineMetadata(answerKey, { ...answerOf(handler), ...answer }, handler);
}
