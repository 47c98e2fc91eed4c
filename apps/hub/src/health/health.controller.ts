import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Answers, AnswersFile } from '../document/answers';
import { named, object, word } from '../document/schema';
import { Metrics } from '../flow/metrics';
import { Readiness, type Checks } from './readiness';

interface ReadinessView {
  status: 'ok' | 'not ready';
  checks: Checks;
}

const alive = named('Health', object<{ status: 'ok' }>({ status: word('ok') }));
const readiness = named(
  'Readiness',
  object<ReadinessView>({
    status: word('ok', 'not ready'),
    checks: object<Checks>({
      store: word('ok', 'does not answer'),
      stages: word('starting', 'ok', 'stopping'),
    }),
  }),
);

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'The process lives' })
  @Answers(alive)
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The store answers and the stages run; 503 while starting and stopping' })
  @Answers(readiness, 503)
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessView> {
    const checks = await this.readiness.check();
    const ready = Object.values(checks).every((state) => state === 'ok');
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', checks };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics' })
  @AnswersFile('text/plain')
  async read(@Res() response: Response) {
    response.type(this.metrics.registry.contentType).end(await this.metrics.registry.metrics());
  }
}
