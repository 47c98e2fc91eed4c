import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Metrics } from '../flow/metrics';
import { Readiness } from './readiness';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'The process lives' })
  health() {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The store answers and the stages run; 503 while starting and stopping' })
  async ready(@Res({ passthrough: true }) response: Response) {
    const checks = await this.readiness.check();
    const ready = Object.values(checks).every((state) => state === 'ok');
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', checks };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics' })
  async read(@Res() response: Response) {
    response.type(this.metrics.registry.contentType).end(await this.metrics.registry.metrics());
  }
}
