import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { contentModels } from './content.models';

export interface FieldProblem {
  field: string;
  problem: string;
}

/** What is wrong with something that should be Content, field by field; empty when nothing is. */
export function checkContent(value: unknown): FieldProblem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ field: '', problem: 'must be an object' }];
  const type = String((value as { type?: unknown }).type);
  const model = Object.hasOwn(contentModels, type) ? contentModels[type as keyof typeof contentModels] : null;
  if (!model) return [{ field: 'type', problem: `must be one of ${Object.keys(contentModels).join(', ')}` }];
  return toFieldProblems(
    validateSync(plainToInstance(model, value), { whitelist: true, forbidNonWhitelisted: true }),
  );
}

/** Flattens class-validator's tree to paths like `buttons.0.label`. */
export function toFieldProblems(errors: ValidationError[], prefix = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = prefix + error.property;
    const own = Object.values(error.constraints ?? {}).map((problem) => ({ field, problem }));
    return [...own, ...toFieldProblems(error.children ?? [], `${field}.`)];
  });
}
