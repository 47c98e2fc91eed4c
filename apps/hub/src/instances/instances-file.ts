import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../config/hub.config';
import { toFieldProblems } from '../flow/content.check';
import { Problem } from '../flow/problem';
import { CreateInstanceModel } from './instance.models';
import type { InstancesService } from './instances.service';

/**
 * Creates or updates the instances that a JSON or YAML file lists; others are left alone. Throws ConfigurationError
 * naming the file, the instance and the field.
 */
export async function seedInstances(file: string, service: InstancesService): Promise<void> {
  for (const model of await readInstances(file)) {
    try {
      await service.create(model).catch((error: unknown) => {
        if (!(error instanceof Problem) || error.code !== 'INSTANCE_EXISTS') throw error;
        const { name, channel: _channel, ...changes } = model;
        return service.update(name, changes);
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new ConfigurationError(`OMNI_INSTANCES_FILE ${file}, instance ${model.name}: ${error.detail}`);
    }
  }
}

async function readInstances(file: string): Promise<CreateInstanceModel[]> {
  const { parse } = await import('yaml');
  let listed: unknown;
  try {
    listed = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigurationError(`OMNI_INSTANCES_FILE: ${file} cannot be read: ${(error as Error).message}`);
  }
  if (!Array.isArray(listed))
    throw new ConfigurationError(`OMNI_INSTANCES_FILE: ${file} must hold a list of instances`);
  return listed.map((plain, index) => {
    const model = plainToInstance(CreateInstanceModel, plain);
    const problems = toFieldProblems(validateSync(model, { whitelist: true, forbidNonWhitelisted: true }));
    if (problems.length === 0) return model;
    const named = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
    throw new ConfigurationError(`OMNI_INSTANCES_FILE: ${file}, entry ${index + 1}: ${named}`);
  });
}
