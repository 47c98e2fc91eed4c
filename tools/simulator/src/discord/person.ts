import { ComponentType, InteractionType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import type { Guild } from './guild';
import { commandData, type CommandOptions, menuCommandData, modalData } from './interactions/data';
import { startInteraction } from './interactions/deliver';
import type { Interaction } from './interactions/interaction';
import { join, leave } from './memberships';
import type { Entry, Fields } from './message';
import { type Label, labelsOf } from './transcript';
import { chatOf, type InDiscordChannel, Writer } from './writer';

export interface CommandUse {
  chat?: InDiscordChannel;
  application?: SimulatedApplication;
}

/** Someone who uses Discord. What they do reaches the applications. */
export class DiscordPerson extends Writer {
  joins(guild: Guild): void {
    join(this.world, guild, this.user);
  }

  leaves(guild: Guild): void {
    leave(this.world, guild, this.user);
  }

  /** Takes no direct messages any more, as who blocks the application. */
  closesDms(): void {
    this.world.closedTo.add(this.id);
  }

  opensDms(): void {
    this.world.closedTo.delete(this.id);
  }

  /** Presses the newest button with this label. */
  presses(label: string, { chat: where }: { chat?: InDiscordChannel } = {}): Interaction {
    const chat = chatOf(where ?? this.chat);
    const { entry, found } = this.newest(
      chat,
      (one) => one.value === undefined && one.label === label,
      `a button "${label}"`,
    );
    const { custom_id, id, disabled } = found.component;
    if (custom_id === undefined) throw new Error(`The button "${label}" tells nobody that it is pressed.`);
    if (disabled === true) throw new Error(`The button "${label}" cannot be pressed.`);
    const data = { custom_id, component_type: ComponentType.Button, id };
    return this.interacts(InteractionType.MessageComponent, data, chat, this.application, entry);
  }

  /** Chooses these options of the newest select that has the first of them. */
  selects(labels: string | string[], { chat: where }: { chat?: InDiscordChannel } = {}): Interaction {
    const chat = chatOf(where ?? this.chat);
    const chosen = typeof labels === 'string' ? [labels] : labels;
    const { entry, found } = this.newest(
      chat,
      (one) => one.value !== undefined && one.label === chosen[0],
      `an option "${chosen[0]}"`,
    );
    const options = labelsOf([found.component]);
    const values = chosen.map((label) => {
      const option = options.find((one) => one.label === label);
      if (!option) throw new Error(`The select has no option "${label}".`);
      return option.value;
    });
    const { custom_id, id, type: component_type } = found.component;
    return this.interacts(
      InteractionType.MessageComponent,
      { custom_id, component_type, id, values },
      chat,
      this.application,
      entry,
    );
  }

  /** `/ask question: hello`; `ticket open` is a subcommand. */
  usesCommand(name: string, options: CommandOptions = {}, use: CommandUse = {}): Interaction {
    const application = use.application ?? this.application;
    const chat = chatOf(use.chat ?? this.chat);
    const data = commandData(this.world, application, chat, name, options);
    return this.interacts(InteractionType.ApplicationCommand, data, chat, application, null);
  }

  /** A command of the context menu, of a message or a person. */
  usesMenu(name: string, target: Entry | DiscordPerson, use: CommandUse = {}): Interaction {
    const application = use.application ?? this.application;
    const chat = 'message' in target ? this.channelOf(target) : chatOf(use.chat ?? this.chat);
    const data = menuCommandData(
      this.world,
      application,
      chat,
      name,
      'message' in target ? target : target.user,
    );
    return this.interacts(InteractionType.ApplicationCommand, data, chat, application, null);
  }

  /** Has typed so far; the last option is the one that asks for choices. */
  typesCommand(name: string, options: CommandOptions, use: CommandUse = {}): Interaction {
    const application = use.application ?? this.application;
    const chat = chatOf(use.chat ?? this.chat);
    const data = commandData(this.world, application, chat, name, options, true);
    return this.interacts(InteractionType.ApplicationCommandAutocomplete, data, chat, application, null);
  }

  /** Fills in the modal that was last shown; one with another `customId` need not have been shown. */
  submitsModal(
    values: Record<string, string>,
    { customId, ...use }: CommandUse & { customId?: string } = {},
  ): Interaction {
    const shown = customId === undefined ? this.world.modals.get(this.id) : undefined;
    if (!shown && customId === undefined) throw new Error(`${this.name} sees no modal.`);
    this.world.modals.delete(this.id);
    const data = modalData(values, shown?.data ?? { custom_id: customId });
    const chat = shown?.interaction.channel ?? chatOf(use.chat ?? this.chat);
    const application = shown?.interaction.application ?? use.application ?? this.application;
    return this.interacts(
      InteractionType.ModalSubmit,
      data,
      chat,
      application,
      shown?.interaction.source ?? null,
    );
  }

  private interacts(
    type: InteractionType,
    data: Fields,
    channel: SimulatedChannel,
    application: SimulatedApplication,
    source: Entry | null,
  ): Interaction {
    return startInteraction(this.world, { application, type, data, channel, user: this.user, source });
  }

  private newest(
    chat: SimulatedChannel,
    fits: (label: Label) => boolean,
    what: string,
  ): { entry: Entry; found: Label } {
    for (const entry of chat.entries.toReversed()) {
      const isSeen = !entry.deleted && (entry.ephemeralFor === null || entry.ephemeralFor === this.id);
      const found = isSeen ? labelsOf(entry.message.components).find(fits) : undefined;
      if (found) return { entry, found };
    }
    throw new Error(`${this.name} sees no ${what.replace(/^an? /, '')} in ${chat.title}.`);
  }
}
