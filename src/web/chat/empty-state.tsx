import { Link } from "wouter";
import { useModelNow } from "../api/models.ts";
import { Icon, type IconName, Logo } from "../ui/icons.tsx";

/** Things that work in a fresh Margay, also without any model connected. */
const SUGGESTIONS: { icon: IconName; title: string; text: string }[] = [
  { icon: "todo", title: "Add a to-do", text: "Add task: plan the week, p2, due tomorrow at 9am" },
  { icon: "calendar", title: "See what is open", text: "What is on my list?" },
  { icon: "info", title: "Find out more", text: "What can you do?" },
];

/** A conversation that has not begun. */
export function EmptyState({ onSuggest }: { onSuggest: (text: string) => void }) {
  const model = useModelNow();
  return (
    <div className="empty">
      <Logo size={64} />
      <h1>What is on your mind?</h1>
      <p>Ask, plan, keep track. This conversation is yours alone.</p>
      <ul className="suggestions">
        {SUGGESTIONS.map((suggestion) => (
          <li key={suggestion.text}>
            <button type="button" onClick={() => onSuggest(suggestion.text)}>
              <Icon name={suggestion.icon} />
              <span>
                <b>{suggestion.title}</b>
                <span>{suggestion.text}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {model?.offline === true && (
        <p className="aside">
          No model is connected yet, so answers are simple. <Link href="/settings/models">Connect one</Link>
        </p>
      )}
    </div>
  );
}
