/** What a desktop asks of its window in the place of a route: to show the command bar. */
export const COMMAND_BAR = 'command-bar:';
