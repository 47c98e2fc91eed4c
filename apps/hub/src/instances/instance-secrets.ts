import { Injectable } from '@nestjs/common';
import { secretFields } from '@omni-hub/channel-sdk';
import { SecretBox } from '../config/secret-box';

type Config = Record<string, unknown>;
type ConfigClass = new () => object;

/** What stands for a secret wherever it is shown, and leaves it as it is wherever it is given. */
export const mask = '***';

/** Seals, opens and masks the fields of a configuration that its class marks as secret. */
@Injectable()
export class InstanceSecrets {
  constructor(private readonly box: SecretBox) {}

  seal(config: Config, configClass: ConfigClass): Config {
    return mapSecrets(config, configClass, (secret) => this.box.seal(secret));
  }

  open(config: Config, configClass: ConfigClass): Config {
    return mapSecrets(config, configClass, (sealed) => this.box.open(sealed));
  }

  mask(config: Config, configClass: ConfigClass): Config {
    return mapSecrets(config, configClass, () => mask);
  }
}

function mapSecrets(config: Config, configClass: ConfigClass, change: (value: string) => string): Config {
  const changed = { ...config };
  for (const field of secretFields(configClass)) {
    if (typeof changed[field] === 'string') changed[field] = change(changed[field] as string);
  }
  return changed;
}
