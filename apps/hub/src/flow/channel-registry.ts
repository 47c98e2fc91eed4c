import type { Channel } from '@omni-hub/channel-sdk';

/** The channels that this process has loaded. */
export class ChannelRegistry {
  private readonly channels: ReadonlyMap<string, Channel>;

  /** `only` limits the list to the named channels; a name that is not in it is an error that the start must show. */
  constructor(all: readonly Channel[], only?: readonly string[]) {
    const unknown = only?.filter((id) => !all.some((channel) => channel.id === id)) ?? [];
    if (unknown.length > 0) {
      throw new Error(
        `OMNI_CHANNELS: no such channel: ${unknown.join(', ')}. There are: ${all.map(({ id }) => id).join(', ')}`,
      );
    }
    this.channels = new Map(
      all.filter(({ id }) => !only || only.includes(id)).map((channel) => [channel.id, channel]),
    );
  }

  get(id: string): Channel | undefined {
    return this.channels.get(id);
  }

  all(): Channel[] {
    return [...this.channels.values()];
  }
}
