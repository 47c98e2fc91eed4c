/** The versions whose payloads differ; others speak like the one before them. */
export type EvolutionVersion = '2.2.3' | '2.3.0' | '2.3.6' | '2.3.7';

export const evolutionVersions: readonly EvolutionVersion[] = ['2.2.3', '2.3.0', '2.3.6', '2.3.7'];

/** How one version words what it tells. */
export interface Dialect {
  version: EvolutionVersion;
  /**
   * How somebody with a LID is named. `bare`: by the LID alone. `sender-pn`: fields `senderPn`, `senderLid`, `participantLid`.
   * `alt`: `remoteJidAlt`, `participantAlt`, `addressingMode`. `overwritten`: the same, and the phone number takes the place of the
   * LID in `remoteJid` where it is known.
   */
  lid: 'bare' | 'sender-pn' | 'alt' | 'overwritten';
  /** Bytes as base64, long integers and enums as text; or bytes as `{"0": 194, …}`, longs as `{low, high, unsigned}`, enums as numbers. */
  values: 'text' | 'objects';
  /** Whether votes are told, with the names of the options; otherwise they are passed over. */
  tellsVotes: boolean;
  /** Whether `extendedTextMessage` is told as `conversation`, with its context beside the message only. */
  rewritesText: boolean;
  /** Whether a deleted message is told with `status: "DELETED"`. */
  tellsDeleted: boolean;
  /** The status of a `messages.update` that is about no status, for example an edit; null where there is none. */
  emptyStatus: 'DELETED' | 'SERVER_ACK' | null;
}

const dialects: Record<EvolutionVersion, Omit<Dialect, 'version'>> = {
  '2.2.3': {
    lid: 'bare',
    values: 'text',
    tellsVotes: false,
    rewritesText: false,
    tellsDeleted: false,
    emptyStatus: null,
  },
  '2.3.0': {
    lid: 'sender-pn',
    values: 'text',
    tellsVotes: false,
    rewritesText: true,
    tellsDeleted: false,
    emptyStatus: 'DELETED',
  },
  '2.3.6': {
    lid: 'alt',
    values: 'objects',
    tellsVotes: false,
    rewritesText: true,
    tellsDeleted: false,
    emptyStatus: 'DELETED',
  },
  '2.3.7': {
    lid: 'overwritten',
    values: 'objects',
    tellsVotes: true,
    rewritesText: true,
    tellsDeleted: true,
    emptyStatus: 'SERVER_ACK',
  },
};

export const dialectOf = (version: EvolutionVersion): Dialect => ({ version, ...dialects[version] });
