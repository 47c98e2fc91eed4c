import { connect, type Socket } from 'node:net';

export type Answered = (status: number) => void;

/**
 * One keep-alive HTTP/1.1 connection for one request at a time, as cheap as a client can be: on two cores what the load
 * generator takes is missing to the hub. Reads answers with a content-length only.
 */
export class HttpConnection {
  private received = '';
  private answered: Answered | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly failed: (error: Error) => void,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.read(text));
    socket.on('error', failed);
    socket.on('close', () => {
      if (this.answered) failed(new Error('the connection was closed before the answer came'));
    });
  }

  /** `failed` is called when the connection breaks or answers what is not understood. */
  static open(port: number, failed: (error: Error) => void): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket, failed));
      });
    });
  }

  /** Writes a whole request, head and body; calls back when its answer has been read to the end. */
  exchange(request: string, answered: Answered): void {
    if (this.socket.destroyed)
      return this.failed(new Error('the server closed the connection while it was idle'));
    this.answered = answered;
    this.socket.write(request, 'latin1');
  }

  close(): void {
    this.answered = null;
    this.socket.destroy();
  }

  private read(text: string): void {
    this.received += text;
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.received.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (!length) return this.failed(new Error(`an answer without content-length:\n${head}`));
    if (this.received.length < headEnd + 4 + Number(length[1])) return;
    const { answered } = this;
    this.received = '';
    this.answered = null;
    answered?.(Number(head.slice(9, 12)));
  }
}
