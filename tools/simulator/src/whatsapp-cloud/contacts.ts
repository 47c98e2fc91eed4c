import type { Contact, Fields } from './chat';

/** A person as `contacts[]` of a webhook tells of them. */
export function contactOf({ phone, userId, name, username, phoneHidden }: Contact): Fields {
  return {
    profile: { name, ...(username && { username }) },
    ...(!phoneHidden && { wa_id: phone }),
    user_id: userId,
  };
}

/** Who wrote a message: `from` is left out where the business is not told the number. */
export function senderOf({ phone, userId, phoneHidden }: Contact): Fields {
  return { ...(!phoneHidden && { from: phone }), from_user_id: userId };
}
