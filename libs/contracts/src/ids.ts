declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One conversation at a platform: `<channel>:<native id>[:…]`, for example `telegram:4242`. Made only by a channel's id codec. */
export type ChatId = Branded<'ChatId'>;

/** One sender as the platform names it: `<channel>:<native id>`. */
export type ContactId = Branded<'ContactId'>;

/** One message at a platform: `<channel>:<native chat id>:<native message id>`, without the chat where the platform's ids do without. */
export type MessageId = Branded<'MessageId'>;
