const MADE_BY_US = 'The program that asked Evolution for it has its answer already';
const CHATS = 'Evolution keeps a list of chats for its own pages; what is said in them arrives as messages';
const LABELS = 'Labels order the list of chats in the WhatsApp Business app; they ask for no answer';
const TYPEBOT =
  "Evolution's own Typebot answers in the chat: turn it off there, so that two programs do not answer one person";
const HISTORY =
  'Evolution tells what was written before the account was linked; nobody waits for an answer to it';

/** The events that are understood and left aside, and why. Names as Evolution writes them. */
export const ignoredEvents: Readonly<Record<string, string>> = {
  'application.startup':
    'The Evolution server has started; the state of the account follows as connection.update',
  'instance.create':
    'The instance was made at the Evolution server; it has to be linked before anything comes',
  'instance.delete':
    'The instance is being deleted at the Evolution server; remove.instance tells when it is gone',
  'creds.update': 'Evolution renewed keys of its own; nothing is to be done',
  'send.message.update': `An edit that was made through Evolution. ${MADE_BY_US}`,
  'messages.set': HISTORY,
  'messaging-history.set': HISTORY,
  'presence.update': 'Somebody types, or comes and goes; that asks for no answer',
  'chats.set': CHATS,
  'chats.upsert': CHATS,
  'chats.update': CHATS,
  'chats.delete': CHATS,
  'labels.edit': LABELS,
  'labels.association': LABELS,
  'typebot.start': TYPEBOT,
  'typebot.change-status': TYPEBOT,
  call: 'Somebody calls. Evolution cannot take calls; it can refuse them and say something, see rejectCall in its settings',
  error: 'The Evolution server reports an error of its own: its log says more',
};

const CALL = 'A call was made or missed; there is nothing to answer in writing';
const PAYMENT = 'Payments are made in WhatsApp itself; the hub takes no part in them';
const ENCRYPTED = 'Evolution does not decrypt this kind of content: look at it on the phone';

/** The contents of messages that are understood and left aside, and why. */
export const ignoredContents: Readonly<Record<string, string>> = {
  albumMessage: 'An album is announced; its items follow as messages of their own and are read',
  keepInChatMessage: 'Somebody kept a disappearing message, or let it go; that asks for no answer',
  pinInChatMessage: 'Somebody pinned a message, or took the pin off; that asks for no answer',
  callLogMesssage: CALL,
  callLogMessage: CALL,
  call: CALL,
  bcallMessage: CALL,
  scheduledCallCreationMessage: CALL,
  scheduledCallEditMessage: CALL,
  sendPaymentMessage: PAYMENT,
  requestPaymentMessage: PAYMENT,
  declinePaymentRequestMessage: PAYMENT,
  cancelPaymentRequestMessage: PAYMENT,
  paymentInviteMessage: PAYMENT,
  encReactionMessage: ENCRYPTED,
  encCommentMessage: ENCRYPTED,
  encEventResponseMessage: ENCRYPTED,
  secretEncryptedMessage:
    'Somebody edited a message in a way that Evolution does not decrypt: look at it on the phone, or update Evolution',
  placeholderMessage: 'WhatsApp shows this kind of message on the phone only: look at it there',
  pollResultSnapshotMessage: 'The results of a poll were shared; each vote arrives by itself',
  newsletterAdminInviteMessage: 'An invitation to run a WhatsApp channel is accepted on the phone',
  requestPhoneNumberMessage: 'Somebody is asked for their phone number by WhatsApp itself',
  messageHistoryBundle: HISTORY,
  stickerSyncRmrMessage: 'Stickers are kept in step between the devices of the account',
};
