import type { AlignType, Definition, List, ListItem, Nodes, Parents, Root, RootContent, Table } from 'mdast';
import type { Span, SpanStyle, StyledText } from '../parts';
import { toPlainText } from './styled';
import { formatTable } from './table';

/** A Markdown tree as text and styles. Recursive: throws RangeError for a tree that is too deep for the stack. */
export function render(root: Root): StyledText {
  return new Renderer(definitionsOf(root)).document(root);
}

/** One of the blocks of a text, and how it reads. */
export interface Block {
  node: RootContent;
  styled: StyledText;
}

/** What stands on its own in a Markdown tree, in order. Throws as `render` does. */
export function renderBlocks(root: Root): Block[] {
  const definitions = definitionsOf(root);
  return root.children
    .filter(({ type }) => type !== 'definition')
    .map((node) => ({
      node,
      styled: new Renderer(definitions).document({ type: 'root', children: [node] }),
    }));
}

type Definitions = Map<string, string>;

class Renderer {
  private text = '';
  private readonly spans: Span[] = [];
  /** Goes before every line but the first of a list item. */
  private indent = '';

  constructor(private readonly definitions: Definitions) {}

  document(root: Root): StyledText {
    this.blocks(root.children, '\n\n');
    return { text: this.text, spans: this.spans };
  }

  private blocks(nodes: Nodes[], separator: string): void {
    let first = true;
    for (const node of nodes) {
      if (node.type === 'definition') continue;
      if (!first) this.write(separator);
      first = false;
      this.node(node);
    }
  }

  private inline(parent: Parents): void {
    for (const child of parent.children) this.node(child);
  }

  private node(node: Nodes): void {
    switch (node.type) {
      case 'text':
      case 'html':
        return this.write(node.value);
      case 'paragraph':
        return this.inline(node);
      case 'heading':
        return this.styled('heading', () => this.inline(node));
      case 'strong':
        return this.styled('bold', () => this.inline(node));
      case 'emphasis':
        return this.styled('italic', () => this.inline(node));
      case 'delete':
        return this.styled('strike', () => this.inline(node));
      case 'inlineCode':
        return this.styled('code', () => this.write(node.value));
      case 'code':
        return this.preformatted(node.value, node.lang ? { language: node.lang } : {});
      case 'blockquote':
        return this.styled('quote', () => this.blocks(node.children, '\n\n'));
      case 'link':
        return this.link(node.url, () => this.inline(node));
      case 'linkReference':
        return this.link(this.addressOf(node.identifier), () => this.inline(node));
      case 'image':
        return this.link(node.url, () => this.write(node.alt ?? ''));
      case 'imageReference':
        return this.link(this.addressOf(node.identifier), () => this.write(node.alt ?? ''));
      case 'list':
        return this.list(node);
      case 'table':
        return this.table(node);
      case 'break':
        return this.write('\n');
      case 'thematicBreak':
        return this.write('———');
      case 'footnoteReference':
        return this.write(`[${node.label ?? node.identifier}]`);
      case 'footnoteDefinition':
        this.write(`[${node.label ?? node.identifier}] `);
        return this.blocks(node.children, '\n\n');
    }
  }

  private list(list: List): void {
    const spread = list.spread || list.children.some((item) => item.spread);
    list.children.forEach((item, index) => {
      if (index > 0) this.write(spread ? '\n\n' : '\n');
      const marker = markerOf(list, item, index);
      this.write(marker);
      this.indented(this.indent + ' '.repeat(marker.length), () =>
        this.blocks(item.children, item.spread ? '\n\n' : '\n'),
      );
    });
  }

  private table(table: Table): void {
    const rows = table.children.map((row) => row.children.map((cell) => this.cell(cell)));
    const aligns: AlignType[] = table.align ?? [];
    this.preformatted(formatTable(rows, aligns));
  }

  private cell(cell: Parents): string {
    const renderer = new Renderer(this.definitions);
    renderer.inline(cell);
    return toPlainText({ text: renderer.text, spans: renderer.spans });
  }

  private link(url: string, writeLabel: () => void): void {
    const start = this.text.length;
    this.styled('link', writeLabel, { url });
    if (this.text.length === start) this.styled('link', () => this.write(url), { url });
  }

  private styled(style: SpanStyle, writeContent: () => void, details: Partial<Span> = {}): void {
    this.beginLine();
    const offset = this.text.length;
    const place = this.spans.length;
    writeContent();
    const length = this.text.length - offset;
    if (length > 0) this.spans.splice(place, 0, { style, offset, length, ...details });
  }

  private indented(indent: string, writeContent: () => void): void {
    const before = this.indent;
    this.indent = indent;
    writeContent();
    this.indent = before;
  }

  /** A block of its own look in the chat, which needs no indent. */
  private preformatted(text: string, details: Partial<Span> = {}): void {
    this.indented('', () => this.styled('pre', () => this.write(text), details));
  }

  private write(text: string): void {
    if (text[0] !== '\n') this.beginLine();
    this.text += this.indent ? text.replace(/\n(?=[^\n])/g, `\n${this.indent}`) : text;
  }

  private beginLine(): void {
    if (this.text.endsWith('\n')) this.text += this.indent;
  }

  private addressOf(identifier: string): string {
    return this.definitions.get(identifier.toUpperCase()) ?? '';
  }
}

function markerOf(list: List, item: ListItem, index: number): string {
  const box = item.checked == null ? '' : item.checked ? '☑ ' : '☐ ';
  if (list.ordered) return `${(list.start ?? 1) + index}. ${box}`;
  return box || '• ';
}

/** The addresses that reference links point at; of two with one name the first counts. */
function definitionsOf(root: Root): Definitions {
  const definitions: Definitions = new Map();
  const pending: Nodes[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'definition') addDefinition(definitions, node);
    if ('children' in node) pending.push(...[...node.children].reverse());
  }
  return definitions;
}

function addDefinition(definitions: Definitions, { identifier, url }: Definition): void {
  const name = identifier.toUpperCase();
  if (!definitions.has(name)) definitions.set(name, url);
}
