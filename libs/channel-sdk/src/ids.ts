import { RejectedError } from './errors/errors';

/** Makes and reads the ids of one channel: `telegram:4242:17`. Pure. */
export interface IdCodec {
  /** Joins native ids behind the channel's prefix. `:` and `%` in a part are percent-escaped, so that `decode` finds the same parts. */
  encode<Id extends string = string>(...parts: (string | number)[]): Id;
  /** The native ids, without the prefix. Throws RejectedError for an id of another channel. */
  decode(id: string): string[];
}

/** `channelId` is the channel's kebab-case id. */
export function createIdCodec(channelId: string): IdCodec {
  return {
    encode: <Id extends string = string>(...parts: (string | number)[]) =>
      [channelId, ...parts.map(escapePart)].join(':') as Id,

    decode(id) {
      const [prefix, ...parts] = id.split(':');
      if (prefix !== channelId || parts.length === 0) {
        throw new RejectedError(
          `"${id}" is not an id of the channel ${channelId}: use one that begins with "${channelId}:"`,
        );
      }
      return parts.map(unescapePart);
    },
  };
}

function escapePart(part: string | number): string {
  return String(part).replace(/[%:]/g, (character) => (character === ':' ? '%3A' : '%25'));
}

function unescapePart(part: string): string {
  return part.replace(/%3A|%25/g, (escape) => (escape === '%3A' ? ':' : '%'));
}
