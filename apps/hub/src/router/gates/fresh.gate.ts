import { pass, stop, type Gate } from './gate';

/** A question that waited longer than its answer may live is not asked any more. */
export const freshGate: Gate = {
  name: 'fresh',
  decide({ instance, receivedAt, now }) {
    const ageMs = now - receivedAt;
    const { replyTtlMs } = instance.settings;
    if (ageMs <= replyTtlMs) return pass('fresh', 'the message is young enough to be answered');
    return stop(
      'stale',
      `the message waited ${Math.round(ageMs / 1000)} s, longer than replyTtlMs (${replyTtlMs} ms)`,
      'replay it from the dead letters, or raise replyTtlMs on the instance',
    );
  },
};
