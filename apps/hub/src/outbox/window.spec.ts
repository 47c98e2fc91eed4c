import type { Part } from '@omni-hub/channel-sdk';
import { sampleCapabilities } from '../testing/samples';
import { closedWindow } from './window';

const day = 86_400_000;
const text: Part = { type: 'text', body: { text: 'hello', spans: [] }, buttons: [] };
const template: Part = { type: 'template', name: 'nudge', language: 'en' };
const windowed = { capabilities: { ...sampleCapabilities, replyWindowMs: day } };

describe('the window for replies', () => {
  it('is always open where the platform has none', () => {
    expect(closedWindow({ capabilities: sampleCapabilities }, text, null, day)).toBeNull();
  });

  it('is open from the moment a person wrote until its length is over', () => {
    expect(closedWindow(windowed, text, 1, 1)).toBeNull();
    expect(closedWindow(windowed, text, 1, day)).toBeNull();
    expect(closedWindow(windowed, text, 1, day + 1)).toMatch(/24 hours.*1970-01-01/);
  });

  it('has never been open for somebody who never wrote', () => {
    expect(closedWindow(windowed, text, null, 1)).toMatch(/have not written yet.*template/);
  });

  it('does not concern templates', () => {
    expect(closedWindow(windowed, template, null, 1)).toBeNull();
  });

  it('lets through in its place what the channel has for that', () => {
    const withTemplate = { ...windowed, outsideWindow: () => template };
    expect(closedWindow(withTemplate, text, null, 1)).toEqual(template);
    expect(closedWindow({ ...windowed, outsideWindow: () => null }, text, null, 1)).toMatch(/template/);
  });
});
