export const instanceName = 'bench';
export const webhookSecret = 'bench-webhook-secret';
export const webhookPath = `/webhooks/telegram/${instanceName}`;

const head =
  `POST ${webhookPath} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: keep-alive\r\ncontent-type: application/json\r\n` +
  `x-telegram-bot-api-secret-token: ${webhookSecret}\r\naccept-encoding: gzip, deflate\r\ncontent-length: `;

/** Telegram's updates as whole HTTP requests. Every update has its own id. */
export class Webhooks {
  private lastUpdate = 0;
  private lastChat = 1_000_000;

  /** A message of somebody who never wrote before: the dearest kind, a new chat and a new contact. */
  newChat(text = 'Where is my parcel? It was to come on Monday.'): string {
    return this.message(++this.lastChat, text);
  }

  /** Plain ASCII, so that the length in characters is the length in bytes. */
  message(chat: number, text: string): string {
    const id = ++this.lastUpdate;
    const body =
      `{"update_id":${id},"message":{"message_id":${id},"from":{"id":${chat},"is_bot":false,"first_name":"Ada","last_name":` +
      `"Lovelace","username":"ada_${chat}","language_code":"en"},"chat":{"id":${chat},"first_name":"Ada","last_name":"Lovelace",` +
      `"username":"ada_${chat}","type":"private"},"date":${Math.floor(Date.now() / 1000)},"text":"${text}"}}`;
    return `${head}${body.length}\r\n\r\n${body}`;
  }
}
