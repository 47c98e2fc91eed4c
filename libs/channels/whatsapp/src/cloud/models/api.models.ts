/** Requests and answers of Graph API: https://developers.facebook.com/documentation/business-messaging/whatsapp/reference. */

/** Where a message goes. A phone number counts where both are given, so only one is. */
export type Recipient =
  | { recipient_type: 'individual'; to: string }
  | { recipient_type: 'individual'; recipient: string }
  | { recipient_type: 'group'; to: string };

/** A file at WhatsApp, by the id of its upload. */
export interface MediaLocator {
  id: string;
}

export type MediaMessage = MediaLocator & { caption?: string; filename?: string; voice?: boolean };

interface Body {
  text: string;
}

export interface Row {
  id: string;
  title: string;
  description?: string;
}

export type Interactive =
  | {
      type: 'button';
      body: Body;
      action: { buttons: { type: 'reply'; reply: { id: string; title: string } }[] };
    }
  | {
      type: 'cta_url';
      body: Body;
      action: { name: 'cta_url'; parameters: { display_text: string; url: string } };
    }
  | { type: 'list'; body: Body; action: { button: string; sections: { title?: string; rows: Row[] }[] } };

/** What a message says, in the field that its type names. */
export type MessageContent =
  | { type: 'text'; text: { body: string; preview_url?: boolean } }
  | { type: 'image'; image: MediaMessage }
  | { type: 'video'; video: MediaMessage }
  | { type: 'audio'; audio: MediaMessage }
  | { type: 'document'; document: MediaMessage }
  | { type: 'sticker'; sticker: MediaMessage }
  | { type: 'location'; location: { latitude: number; longitude: number; name?: string; address?: string } }
  | {
      type: 'contacts';
      contacts: {
        name: { formatted_name: string; first_name: string };
        phones: { phone: string; wa_id?: string }[];
      }[];
    }
  | { type: 'reaction'; reaction: { message_id: string; emoji: string } }
  | { type: 'interactive'; interactive: Interactive }
  | { type: 'template'; template: { name: string; language: { code: string }; components?: unknown[] } };

/** One request to `/<phone number id>/messages` that says something. */
export type Message = Recipient &
  MessageContent & {
    messaging_product: 'whatsapp';
    context?: { message_id: string };
    /** Told back by every status of the message; 512 characters at most. */
    biz_opaque_callback_data?: string;
  };

/** One that says nothing: read, and with an indicator that an answer is being written. */
export interface ReadReceipt {
  messaging_product: 'whatsapp';
  status: 'read';
  message_id: string;
  typing_indicator?: { type: 'text' };
}

/** What Graph API tells about a file. */
export interface MediaInfo {
  /** Valid for five minutes. */
  url: string;
  mimeType: string | null;
  /** In hexadecimal digits. */
  sha256: string | null;
  size: number | null;
}
