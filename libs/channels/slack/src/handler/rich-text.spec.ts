import { toPlainText, type StyledText } from '@omni-hub/channel-sdk';
import { describeRendering } from '@omni-hub/channel-testing';
import type { RichTextBlock } from '../models/api.models';
import { slackCapabilities } from './capabilities';
import { measureNotice, toNotice, toRichText } from './rich-text';

interface Written {
  block: RichTextBlock;
  notice: string;
}

describe('a text on Slack', () => {
  describeRendering<Written>({
    handler: { capabilities: slackCapabilities, measure: measureNotice },
    write: (body: StyledText) => ({ block: toRichText(body), notice: toNotice(body) }),
    read: ({ block }) =>
      block.elements.flatMap(({ elements }) => elements.map(({ text }) => text)).join('\n'),
    lengthOf: ({ block, notice }) =>
      Math.max(
        notice.length,
        block.elements.flatMap(({ elements }) => elements).reduce((sum, { text }) => sum + text.length, 0),
      ),
    signs: ['*', '_x_', '~', '`', '<!channel>', '<@U061F7AUR>', '&amp;', '> ', ':smile:'],
    check: ({ block }) => {
      for (const { elements } of block.elements) for (const { text } of elements) expect(text).not.toBe('');
    },
  });

  it('is shown in notifications with the addresses of its links, and links nothing by accident', () => {
    const body = {
      text: 'the menu & <!here>',
      spans: [{ style: 'link' as const, offset: 0, length: 8, url: 'https://example.org' }],
    };
    expect(toPlainText(body)).toBe('the menu (https://example.org) & <!here>');
    expect(toNotice(body)).toBe('the menu (https://example.org) &amp; &lt;!here&gt;');
  });

  it('links only what Slack opens', () => {
    const body = {
      text: 'here',
      spans: [{ style: 'link' as const, offset: 0, length: 4, url: 'javascript:alert(1)' }],
    };
    expect(toRichText(body).elements[0].elements).toEqual([{ type: 'text', text: 'here' }]);
  });
});
