import { PasswordInput } from "@mantine/core";

/** The shortest password an account may have. */
export const SHORTEST = 10;

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** A new password is long enough and offered by password managers; an old one is whatever it is. */
  fresh?: boolean;
  autoFocus?: boolean;
}

export function PasswordField({ label, value, onChange, fresh = false, autoFocus = false }: Props) {
  return (
    <PasswordInput
      label={label}
      required
      withAsterisk={false}
      autoFocus={autoFocus}
      description={fresh ? `At least ${SHORTEST} characters. A few words that only you would put together are best.` : undefined}
      autoComplete={fresh ? "new-password" : "current-password"}
      minLength={fresh ? SHORTEST : undefined}
      maxLength={128}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
    />
  );
}
