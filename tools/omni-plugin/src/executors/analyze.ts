import { analysisProblems } from '../features/document';
import { phaseExecutor } from './phase-executor';

/** `nx analyze features --feature=<name>`: requirements, references and similar implementations are filled in. */
export default phaseExecutor(null, ({ document, workspace }) =>
  Promise.resolve({ problems: analysisProblems(document, workspace) }),
);
