import type { TgContent, TgOrigin, TgUser } from "./update-schema.ts";

/** A person as a label: `Ana Lopez (@ana)`. */
export function personName(user: Pick<TgUser, "first_name" | "last_name" | "username">): string {
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  return clip(user.username ? `${name} (@${user.username})` : name, 120);
}

/** Where a forwarded or quoted message came from. */
export function originName(origin: TgOrigin): string {
  if (origin.sender_user) return personName(origin.sender_user);
  const chat = origin.sender_chat ?? origin.chat;
  return clip(origin.sender_user_name ?? chat?.title ?? chat?.username ?? "someone", 120);
}

/** What a message without words is, in words; null: nothing that can be told in text. */
export function describeContent(content: TgContent): { origin: string; text: string } | null {
  const { sticker, dice, venue, location, contact, poll, checklist, game, invoice } = content;
  if (sticker) return { origin: "Telegram sticker", text: `Sticker ${sticker.emoji ?? ""}`.trim() };
  if (dice) return { origin: "Telegram dice", text: `${dice.emoji} shows ${dice.value}` };
  if (venue) return { origin: "Telegram place", text: `${venue.title}, ${venue.address} (${point(venue.location)})` };
  if (location) return { origin: "Telegram location", text: `Latitude and longitude: ${point(location)}` };
  if (contact) {
    const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
    return { origin: "Telegram contact", text: `${name}, ${contact.phone_number}` };
  }
  if (poll) return { origin: "Telegram poll", text: [poll.question, ...poll.options.map((option) => `- ${option.text}`)].join("\n") };
  if (checklist) {
    const tasks = checklist.tasks.map((task) => `- [${task.completion_date ? "x" : " "}] ${task.text}`);
    return { origin: "Telegram checklist", text: [checklist.title, ...tasks].join("\n") };
  }
  if (game) return { origin: "Telegram game", text: `Game: ${game.title}` };
  if (invoice) return { origin: "Telegram invoice", text: `Invoice: ${invoice.title}` };
  if (content.story !== undefined) return { origin: "Telegram story", text: "A forwarded story; bots cannot see what is in it." };
  if (content.giveaway !== undefined || content.giveaway_winners !== undefined) return { origin: "Telegram giveaway", text: "A giveaway." };
  return null;
}

/** Media that nobody here can hear or watch yet: what to answer, and how to label it when words came with it. `kept`: it is a file of theirs all the same. */
export function unheardMedia(content: TgContent): { answer: string; label: string; kept: boolean } | null {
  const { voice, video_note: round, audio, animation, video } = content;
  if (voice) return { answer: VOICE, label: label("A voice message", voice.duration, UNHEARD), kept: true };
  if (round) return { answer: VOICE, label: label("A video message", round.duration, UNSEEN), kept: true };
  if (audio)
    return {
      answer: `I cannot listen to sound yet, ${KEPT}`,
      label: label("An audio file", audio.duration, UNHEARD),
      kept: true,
    };
  if (animation) return { answer: VIDEO, label: label("An animation", animation.duration), kept: false };
  if (video) return { answer: `I cannot watch videos yet, ${KEPT}`, label: label("A video", video.duration, UNSEEN), kept: true };
  if (content.paid_media !== undefined) return { answer: "I cannot open paid media.", label: "Paid media", kept: false };
  return null;
}

const UNHEARD = "you cannot hear it";
const UNSEEN = "you cannot see it";
const VIDEO = "I cannot watch videos yet. Please send a photo, or write it as text.";
const KEPT = "so it is only kept, among your files below /uploads. Please write as text what matters in it.";
const VOICE = `I cannot listen to voice or audio yet: voice is not set up here, ${KEPT}`;

const label = (what: string, seconds: number | undefined, why = "it could not be opened"): string =>
  `${what}${seconds === undefined ? "" : ` of ${Math.round(seconds)} s`} came with this; ${why}.`;

const point = (place: { latitude: number; longitude: number }): string => `${place.latitude}, ${place.longitude}`;

export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
