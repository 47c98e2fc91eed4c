/** What the application asks on both rails: it is for the hub to say it as each can show it. */
export const question = {
  type: 'buttons',
  text: 'Which one?',
  buttons: [
    { id: 'green', label: 'Green' },
    { id: 'black', label: 'Black' },
  ],
};
