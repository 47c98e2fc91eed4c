/** What is to be said. */
export interface Speech {
  /** Plain text: marks would be read out. */
  text: string;
  /** As the service calls it; that of the configuration when absent. */
  voice?: string;
}
