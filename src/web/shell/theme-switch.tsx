import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { Icon } from "../ui/icons.tsx";

const CHOICES = [
  { value: "auto", name: "Like the system", icon: "system" },
  { value: "light", name: "Light", icon: "sun" },
  { value: "dark", name: "Dark", icon: "moon" },
] as const;

/** Light, dark, or like the system (where it starts). Kept in this browser. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      radius="xl"
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => {
        const choice = CHOICES.find((item) => item.value === value);
        if (choice) setColorScheme(choice.value);
      }}
      data={CHOICES.map((item) => ({
        value: item.value,
        label: (
          <span className="theme-choice" title={item.name}>
            <Icon name={item.icon} size={16} />
            <span className="sr">{item.name}</span>
          </span>
        ),
      }))}
    />
  );
}
