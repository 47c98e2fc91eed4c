import type { Ability } from '@omni-hub/contracts';

const abilities: Record<Ability, true> = {
  receive: true,
  listen: true,
  typing: true,
  markRead: true,
  edit: true,
  delete: true,
  react: true,
  preview: true,
  acknowledge: true,
  withdraw: true,
  fetchMedia: true,
  install: true,
  uninstall: true,
  probe: true,
  link: true,
  restart: true,
  logout: true,
  remove: true,
};

/** Every ability: the names of a handler's methods that a channel may have or not. `send` is not among them: all have it. */
export const abilityNames = Object.freeze(Object.keys(abilities)) as readonly Ability[];
