import { pass, stop, type Gate } from './gate';

export const enabledGate: Gate = {
  name: 'enabled',
  decide({ instance }) {
    if (instance.enabled) return pass('instance_enabled', 'the instance is enabled');
    return stop(
      'instance_disabled',
      `the instance ${instance.name} is disabled`,
      'set "enabled": true on the instance',
    );
  },
};
