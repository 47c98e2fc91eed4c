import { fromName, toName } from './emoji';

describe('a reaction', () => {
  it.each([
    ['👍', '+1'],
    ['👍🏽', '+1'],
    ['❤️', 'heart'],
    [':party-parrot:', 'party-parrot'],
    ['party-parrot', 'party-parrot'],
  ])('%s has the name %s at Slack', (emoji, name) => expect(toName(emoji)).toBe(name));

  it('has no name where Slack’s is not known', () => expect(toName('🦭')).toBeNull());

  it.each([
    ['+1', '👍'],
    ['thumbsup', '👍'],
    ['+1::skin-tone-3', '👍'],
    ['party-parrot', ':party-parrot:'],
    ['constructor', ':constructor:'],
  ])('that Slack names %s is %s', (name, emoji) => expect(fromName(name)).toBe(emoji));
});
