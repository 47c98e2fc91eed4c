import { pass, stop, type Gate } from './gate';

/** One contact who writes without end costs the agent no more than `contactRate` allows. */
export const rateGate: Gate = {
  name: 'rate',
  decide({ instance, counted }) {
    const rate = instance.settings.contactRate;
    if (!rate) return pass('rate_unlimited', 'the instance has no contactRate');
    const { messages, perSeconds } = rate;
    if (counted.length < messages) {
      return pass(
        'rate_within',
        `the contact’s message ${counted.length + 1} of ${messages} within ${perSeconds} s`,
      );
    }
    const endsAt = new Date(counted[counted.length - messages] + perSeconds * 1_000).toISOString();
    return stop(
      'contact_rate',
      `the contact has had ${messages} messages let through within ${perSeconds} s, all that contactRate allows; the next is from ${endsAt} on`,
      `wait until ${endsAt}, or raise contactRate on the instance`,
    );
  },
};
