import { describeChannelConformance } from '../describe';
import { sampleOptions } from './sample-options';

describeChannelConformance(sampleOptions);

describe('a tier and an exemption', () => {
  describeChannelConformance({
    ...sampleOptions,
    tier: 'required',
    handshakes: undefined,
    exempt: { 'IN-8': 'The kit is to show that an exempt rule is not checked.' },
  });
});
