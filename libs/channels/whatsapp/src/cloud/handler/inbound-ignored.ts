const calls =
  'Calls are not taken by this hub: turn calling off for the number, or answer calls in another program';

/** The fields that are understood and left aside, and why. */
export const ignoredFields: Readonly<Record<string, string>> = {
  calls,
  call_connect: calls,
  call_status: calls,
  history:
    'The history that the phone app shares when its number joins the Cloud API is of the past: nobody waits for an answer to it',
  smb_app_state_sync: "The phone app's list of contacts is not kept: people are known by what they write",
  user_preferences:
    'Somebody wants marketing messages no longer, or again. Meta itself holds them back (131050); this hub sends none by itself',
  flows: 'The state of a flow changed; that asks for no answer. See WhatsApp Manager',
  automatic_events: 'Meta found a sale or a lead in a chat; that asks for no answer',
  tracking_events: 'Marketing figures ask for no answer',
  partner_solutions: 'A partnership of the account changed; that asks for no answer',
  payment_configuration_update: 'Payments are not taken by this hub',
  account_settings_update: 'A setting of the number changed at Meta; none that this hub uses',
};

export function unknownField(field: string): string {
  return `Meta added the webhook field "${field}" after this version was made, or it is of no use here: take it out of the webhook's fields, or use a newer version of the channel`;
}

export function otherNumber(phoneNumberId: string): string {
  return `This is for the number with the id ${phoneNumberId}, which is not this instance's: make an instance for it, whose own webhook is set when it is connected, or take the number's override away`;
}
