/** What was written and not sent, by where: so that going to another page and back loses nothing. */
const kept = new Map<string, string>();

export const draftKeeper = {
  read: (place: string) => kept.get(place) ?? "",
  keep: (place: string, text: string) => {
    if (text === "") kept.delete(place);
    else kept.set(place, text);
  },
};
