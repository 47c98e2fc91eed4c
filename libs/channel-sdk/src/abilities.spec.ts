import { abilityNames } from './abilities';

describe('abilityNames', () => {
  it('names the optional methods of a handler, each once, and not "send"', () => {
    expect(new Set(abilityNames).size).toBe(abilityNames.length);
    expect(abilityNames).toEqual(
      expect.arrayContaining(['receive', 'listen', 'edit', 'delete', 'react', 'link']),
    );
    expect(abilityNames).not.toContain('send');
  });

  it('cannot be changed', () => {
    expect(() => (abilityNames as string[]).push('other')).toThrow(TypeError);
  });
});
