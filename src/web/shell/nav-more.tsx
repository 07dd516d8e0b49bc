import { useId, useState } from "react";
import { useLocation } from "wouter";
import { Icon } from "../ui/icons.tsx";
import { isHere, NavItem, type Place } from "./nav-item.tsx";

/** Pages that one goes to seldom. Open while one is at one of them. */
export function NavMore({ places }: { places: readonly Place[] }) {
  const [path] = useLocation();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const within = places.some(({ href }) => isHere(path, href));
  const open = opened || within;
  return (
    <>
      {!within && (
        <button type="button" className="nav-item" aria-expanded={open} aria-controls={id} onClick={() => setOpened(!opened)}>
          <Icon name="more" />
          More
          <span className="nav-turn">
            <Icon name="down" size={16} />
          </span>
        </button>
      )}
      <div id={id} className="nav-more">
        {open && places.map((place) => <NavItem key={place.href} {...place} />)}
      </div>
    </>
  );
}
