/** Says how many there are of something. */
export function count(howMany: number, one: string, several = `${one}s`): string {
  return `${howMany} ${howMany === 1 ? one : several}`;
}
