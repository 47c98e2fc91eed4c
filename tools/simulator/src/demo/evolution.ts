import { evolutionTranscriptLine, startEvolutionSimulator } from '..';
import type { DemoHub } from './hub';
import { question } from './question';
import { terminalOf } from './terminal';

/** A number that is linked by a QR code, and buttons where there are none. */
export async function onEvolution(hub: DemoHub): Promise<void> {
  const { line, remark } = terminalOf('WhatsApp Evolution');
  const evolution = await startEvolutionSimulator();
  try {
    evolution.watch((happening) => {
      if (happening.kind === 'message') line(evolutionTranscriptLine(happening.entry));
    });
    await hub.addInstance('evolution', 'whatsapp', {
      provider: 'evolution',
      apiUrl: evolution.url,
      mediaUrl: evolution.url,
      apiKey: evolution.apiKey,
      instanceName: 'demo',
      webhookSecret: 'demo-webhook-secret',
    });
    const instance = evolution.instance({ name: 'demo' });
    const { text } = await hub.ask<{ text: string }>('GET', '/api/v1/instances/evolution/qr');
    remark(`the hub made the instance and shows its QR code, ${text.slice(0, 20)}…; somebody scans it`);
    instance.scansQr();
    await hub.askUntil<{ state: string }>(
      '/api/v1/instances/evolution/status',
      ({ state }) => state === 'ok',
    );
    remark('the number is linked');

    const bia = evolution.person({ instance, name: 'Bia', phone: '5511987654321', lid: '141000111222333' });
    const answerTo = async (act: () => unknown) => {
      act();
      await evolution.waitForReply(bia, () => true, 15_000);
    };
    await answerTo(() => bia.says('Olá! Do you have tea?'));
    remark('the same buttons; this rail has none, so they are numbered');
    await answerTo(() =>
      hub.ask('POST', '/api/v1/instances/evolution/messages', { to: `+${bia.phone}`, content: question }),
    );
    await answerTo(() => bia.says('1'));
  } finally {
    await evolution.close();
  }
}
