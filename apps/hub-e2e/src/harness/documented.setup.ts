import { takeDifferences } from './documented';

/** Every answer that a spec got from a hub is as the hub's OpenAPI document says. */
function expectDocumented(): void {
  const differences = takeDifferences();
  if (differences.length > 0) throw new Error(`not as /openapi.json says:\n${differences.join('\n')}`);
}

afterEach(expectDocumented);
afterAll(expectDocumented);
