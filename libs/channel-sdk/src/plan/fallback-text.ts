import type {
  ButtonsContent,
  ContactContent,
  ListContent,
  LocationContent,
  PollContent,
} from '@omni-hub/contracts';
import type { StyledText } from '../parts';
import { parseMarkdown } from '../text/markdown';
import { joinStyled, link, plain } from '../text/styled';

/** Content in words, for channels that have no shape of its kind. Choices are numbered, so that a person can answer with one. */

export function locationAsText({ latitude, longitude, name, address }: LocationContent): StyledText {
  const url = `https://maps.google.com/?q=${latitude},${longitude}`;
  return lines([...[name, address].filter((line) => line).map((line) => plain(line!)), link(url, url)]);
}

export function contactAsText({ name, phone }: ContactContent): StyledText {
  return plain(`${name}\n${phone}`);
}

export function pollAsText({ question, options }: PollContent): StyledText {
  return paragraphs([
    plain(question),
    lines(options.map((option, index) => plain(`${index + 1}. ${option}`))),
  ]);
}

export function buttonsAsText({ text, buttons }: ButtonsContent): StyledText {
  const choices = buttons.map((button, index) =>
    'url' in button
      ? joinStyled([plain(`${index + 1}. ${button.label}: `), link(button.url, button.url)])
      : plain(`${index + 1}. ${button.label}`),
  );
  return paragraphs([parseMarkdown(text), lines(choices)]);
}

/** Numbers run through all sections. */
export function listAsText({ text, sections }: ListContent): StyledText {
  let number = 0;
  const blocks = sections.map(({ title, rows }) =>
    lines([
      ...(title ? [heading(title)] : []),
      ...rows.map(({ label, description }) => {
        number += 1;
        return plain(description ? `${number}. ${label} – ${description}` : `${number}. ${label}`);
      }),
    ]),
  );
  return paragraphs([parseMarkdown(text), ...blocks]);
}

function heading(title: string): StyledText {
  return { text: title, spans: [{ style: 'bold', offset: 0, length: title.length }] };
}

function lines(pieces: StyledText[]): StyledText {
  return joinStyled(pieces, '\n');
}

function paragraphs(pieces: StyledText[]): StyledText {
  return joinStyled(
    pieces.filter(({ text }) => text !== ''),
    '\n\n',
  );
}
