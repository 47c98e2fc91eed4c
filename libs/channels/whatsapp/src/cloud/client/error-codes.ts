/** What one of Meta's codes means for a message, and what to do about it. */
export interface Meaning {
  /** `again`: known not to have been sent, and worth another attempt. */
  as:
    | 'again'
    | 'rate-instance'
    | 'rate-chat'
    | 'unauthorized'
    | 'config'
    | 'gone'
    | 'window'
    | 'restricted'
    | 'rejected';
  /** How long the instance waits where the answer does not say. */
  waitMs?: number;
  advice: string;
}

const newToken = 'make a new token of a system user and set it as accessToken';
const permission =
  "give the token's system user the permission whatsapp_business_messaging and access to the account, then make a new token";
const support =
  'the account is stopped by Meta: see Account Quality in WhatsApp Manager and ask for a review';
const later = 'a passing trouble of WhatsApp, worth another attempt';
const template = 'compare the template with its form in WhatsApp Manager';

/**
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes. `unauthorized` is what no message gets
 * past until somebody acts, so that the instance waits; `config` is what stops messages of one kind only.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  0: { as: 'unauthorized', advice: newToken },
  190: { as: 'unauthorized', advice: newToken },
  3: { as: 'unauthorized', advice: permission },
  10: { as: 'unauthorized', advice: permission },
  131005: { as: 'unauthorized', advice: permission },
  368: { as: 'unauthorized', advice: support },
  131031: { as: 'unauthorized', advice: support },
  131045: { as: 'unauthorized', advice: 'register the number anew in WhatsApp Manager' },
  133010: { as: 'unauthorized', advice: 'the number is not registered: register it in WhatsApp Manager' },

  2: { as: 'again', advice: later },
  131000: { as: 'again', advice: later },
  131016: { as: 'again', advice: later },
  131057: { as: 'again', advice: 'the account is under maintenance, worth another attempt later' },
  133004: { as: 'again', advice: later },
  135000: { as: 'again', advice: later },

  4: { as: 'rate-instance', waitMs: 60_000, advice: 'the app makes too many requests: slow down' },
  80007: {
    as: 'rate-instance',
    waitMs: 60_000,
    advice: 'the account makes too many requests: slow down',
  },
  130429: {
    as: 'rate-instance',
    waitMs: 1_000,
    advice: 'the number sends too fast; set messagesPerSecond lower',
  },
  131056: { as: 'rate-chat', advice: 'too many messages to this person: wait before the next one' },

  131047: {
    as: 'window',
    advice: 'the person wrote more than 24 hours ago: send a template, or set windowTemplate',
  },
  131026: {
    as: 'gone',
    advice:
      "the person has no WhatsApp, an old version, or has not accepted WhatsApp's terms: reach them in another way",
  },

  131048: {
    as: 'restricted',
    advice:
      'too many people blocked or reported the number: write only to those who write first until its quality is better',
  },
  131064: {
    as: 'restricted',
    advice:
      'the messaging limit is reached: begin no conversations for 24 hours, or raise the limit in WhatsApp Manager',
  },

  33: { as: 'config', advice: 'check phoneNumberId' },
  131037: { as: 'config', advice: "the number's display name has to be approved in WhatsApp Manager" },
  131042: { as: 'config', advice: 'set a payment method in WhatsApp Manager' },

  100: { as: 'rejected', advice: 'a field is not as Meta wants it' },
  130472: {
    as: 'rejected',
    advice: 'Meta holds marketing messages back from this person; do not send it again',
  },
  130497: {
    as: 'rejected',
    advice: "Meta does not allow the account's kind of business in the person's country",
  },
  130501: { as: 'rejected', advice: 'groups take text, media and templates only' },
  131008: { as: 'rejected', advice: 'a field is missing' },
  131009: { as: 'rejected', advice: 'a field is not as Meta wants it' },
  131021: { as: 'rejected', advice: 'a number cannot write to itself' },
  131030: { as: 'rejected', advice: "add the number to the test number's list of recipients" },
  131049: {
    as: 'rejected',
    advice: 'the person gets enough marketing for now; do not send it again within 24 hours',
  },
  131050: { as: 'rejected', advice: 'the person wants no marketing from this account; do not send it again' },
  131051: { as: 'rejected', advice: 'send another kind of message' },
  131052: { as: 'rejected', advice: 'the file could not be read; ask for it to be sent again' },
  131053: {
    as: 'rejected',
    advice: 'check that the file is of a type and size that WhatsApp takes, or send it itself as "data"',
  },
  131062: { as: 'rejected', advice: 'this template goes to a phone number only' },
  132000: { as: 'rejected', advice: `the number of its parameters is wrong; ${template}` },
  132001: { as: 'rejected', advice: `there is no such template in this language; ${template}` },
  132005: { as: 'rejected', advice: 'the text is too long for the template' },
  132007: { as: 'rejected', advice: "the text is against WhatsApp's policy" },
  132012: { as: 'rejected', advice: `a parameter is of the wrong form; ${template}` },
  132015: { as: 'rejected', advice: 'the template is paused for its low quality: change it, or use another' },
  132016: { as: 'rejected', advice: 'the template is disabled for its low quality: use another' },
  137000: {
    as: 'rejected',
    advice: 'the person has another device now; read their latest message before you write',
  },
};

/** Null for a code that Meta added later, or that says nothing by itself. */
export function meaningOf(code: number, subcode: number | null): Meaning | null {
  if (code === 100 && subcode === 33) {
    return { as: 'config', advice: 'check phoneNumberId, and that the token has access to it' };
  }
  if (Object.hasOwn(meanings, code)) return meanings[code];
  if (code >= 200 && code <= 299) return { as: 'unauthorized', advice: permission };
  if (code >= 132000 && code <= 132999) return { as: 'rejected', advice: template };
  return null;
}
