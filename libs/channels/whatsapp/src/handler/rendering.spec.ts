import { toPlainText } from '@omni-hub/channel-sdk';
import { describeRendering } from '@omni-hub/channel-testing';
import { cloudCapabilities } from '../cloud/handler/capabilities';
import { evolutionCapabilities } from '../evolution/handler/evolution.handler';
import { measureMarks, toMarks } from './marks';

describe.each([
  ['the Cloud API', cloudCapabilities],
  ['Evolution', evolutionCapabilities],
])('a text on WhatsApp by %s', (_, capabilities) => {
  describeRendering<string>({
    handler: { capabilities, measure: measureMarks },
    write: toMarks,
    read: readMarks,
    lengthOf: (written) => written.length,
    shown: toPlainText,
  });
});

/**
 * What a person sees of WhatsApp's marks (https://faq.whatsapp.com/539178204879377): a mark stands at the edge of a word, touches
 * what it marks and ends in its line; in code no other counts. What is no mark is seen as it is.
 */
function readMarks(written: string): string {
  return written
    .split(/(```[^]+?```)/)
    .map((piece, index) =>
      index % 2 === 1 ? piece.slice(3, -3) : piece.split('\n').map(readLine).join('\n'),
    )
    .join('');
}

function readLine(line: string): string {
  const inline = line.replace(/^> /, '');
  return inline
    .split(/(`[^`]+`)/)
    .map((piece, index) => (index % 2 === 1 ? piece.slice(1, -1) : readStyles(piece)))
    .join('');
}

function readStyles(text: string): string {
  const marked = /(?<![\p{L}\p{N}])([*_~])(?!\s)([^\n]+?)(?<!\s)\1(?![\p{L}\p{N}])/u;
  const found = marked.exec(text);
  if (!found) return text;
  const end = found.index + found[0].length;
  return text.slice(0, found.index) + readStyles(found[2]) + readStyles(text.slice(end));
}
