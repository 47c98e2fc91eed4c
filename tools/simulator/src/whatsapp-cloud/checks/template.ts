import { badParam, GraphError, invalid } from '../errors';
import type { Fields } from '../chat';
import type { BusinessNumber, Template } from '../number';
import { at, list, object, oneOf, text } from './fields';

const path = 'template';
const bodyLimit = 1024;
const parameterKeys = [
  'type',
  'text',
  'parameter_name',
  'payload',
  'currency',
  'date_time',
  'image',
  'video',
  'document',
  'location',
  'action',
  'coupon_code',
];

/** A template message: an approved template in this language, with as many values as it has variables. */
export function checkTemplate(number: BusinessNumber, value: unknown): Template {
  const content = object(value, path, ['name', 'language', 'components']);
  const name = text(content.name, at(path, 'name'), 512);
  const language = object(content.language, at(path, 'language'), ['code', 'policy']);
  const code = text(language.code, at(path, "language']['code"), 16);
  const template = number.templates.find((one) => one.name === name && one.language === code);
  if (!template) {
    throw new GraphError(404, 132001, '(#132001) Template name does not exist in the translation', {
      details: `template name (${name}) does not exist in ${code}`,
    });
  }
  const components =
    content.components === undefined
      ? []
      : list(content.components, at(path, 'components'), 20).map((one) => checkComponent(one));
  checkBody(template, components.find(({ type }) => type === 'body')?.values ?? []);
  for (const { type, index } of components) {
    if (type === 'button' && index >= (template.buttons?.length ?? 0)) {
      throw invalid(`The template has no button with index ${index}.`);
    }
  }
  return template;
}

function checkComponent(value: unknown): { type: string; index: number; values: string[] } {
  const where = at(path, 'components');
  const component = object(value, where, ['type', 'sub_type', 'index', 'parameters']);
  const named = typeof component.type === 'string' ? component.type.toLowerCase() : component.type;
  const type = oneOf(named, at(where, 'type'), ['header', 'body', 'button']);
  const index = Number(component.index ?? 0);
  if (type === 'button') {
    oneOf(component.sub_type, at(where, 'sub_type'), ['quick_reply', 'url', 'copy_code', 'flow', 'catalog']);
    if (component.index === undefined || !Number.isInteger(index) || index < 0 || index > 9) {
      throw badParam(`Param ${at(where, 'index')} must be a number from 0 to 9.`);
    }
  }
  const parameters =
    component.parameters === undefined ? [] : list(component.parameters, at(where, 'parameters'), 100);
  const values = parameters.map((one) => checkParameter(one, at(where, 'parameters')));
  return { type, index, values };
}

function checkParameter(value: unknown, where: string): string {
  const parameter: Fields = object(value, where, parameterKeys);
  const type = text(parameter.type, at(where, 'type'), 32);
  if (type !== 'text') return '';
  if (typeof parameter.text !== 'string' || parameter.text === '') {
    throw new GraphError(400, 100, '(#100) Invalid parameter', {
      details: "Parameter 'text' is mandatory for component parameter type 'text'",
    });
  }
  if (/[\n\r\t]| {5,}/.test(parameter.text)) {
    throw new GraphError(400, 132018, '(#132018) There is an issue with the parameters of the template', {
      details: 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
    });
  }
  return parameter.text;
}

function checkBody({ body = '' }: Template, values: string[]): void {
  const wanted = new Set(body.match(/\{\{\w+\}\}/g) ?? []).size;
  if (values.length !== wanted) {
    throw new GraphError(
      400,
      132000,
      '(#132000) Number of parameters does not match the expected number of params',
      {
        details: `body: number of localizable_params (${values.length}) does not match the expected number of params (${wanted})`,
      },
    );
  }
  const length = body.replace(/\{\{\w+\}\}/g, '').length + values.join('').length;
  if (length > bodyLimit) {
    throw new GraphError(400, 132005, '(#132005) Translated text too long', {
      details: `The body is ${length} characters long: at most ${bodyLimit}.`,
    });
  }
}
