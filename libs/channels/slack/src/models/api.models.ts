import type { FormFile } from '@omni-hub/channel-sdk';

/** One call of the Web API. https://docs.slack.dev/apis/web-api */
export interface Call {
  /** `chat.postMessage`. */
  method: string;
  params: Record<string, unknown>;
  /** True of a method that takes its parameters as a query and no JSON. */
  reads?: true;
}

/** What `chat.postMessage` and `chat.update` take. */
export interface MessageContent {
  /** What notifications show, and apps that know no blocks. */
  text: string;
  blocks: Block[];
}

/** https://docs.slack.dev/reference/block-kit/blocks */
export type Block = RichTextBlock | ActionsBlock;

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export interface RichTextBlock {
  type: 'rich_text';
  elements: RichTextElement[];
}

export interface RichTextElement {
  type: 'rich_text_section' | 'rich_text_preformatted' | 'rich_text_quote';
  elements: Run[];
}

export type RunStyle = Partial<Record<'bold' | 'italic' | 'strike' | 'code', true>>;

/** A stretch of text in one style. */
export type Run =
  | { type: 'text'; text: string; style?: RunStyle }
  | { type: 'link'; url: string; text: string; style?: RunStyle };

/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export interface ActionsBlock {
  type: 'actions';
  elements: (ButtonElement | SelectElement)[];
}

export interface PlainText {
  type: 'plain_text';
  text: string;
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export interface ButtonElement {
  type: 'button';
  action_id: string;
  text: PlainText;
  value?: string;
  url?: string;
}

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#static_select */
export interface SelectElement {
  type: 'static_select';
  action_id: string;
  placeholder: PlainText;
  options?: SelectOption[];
  option_groups?: { label: PlainText; options: SelectOption[] }[];
}

export interface SelectOption {
  text: PlainText;
  value: string;
  description?: PlainText;
}

/** Files that are shared as one message. */
export interface Upload {
  channel: string;
  threadTs: string | undefined;
  files: FormFile[];
  comment: MessageContent | null;
}
