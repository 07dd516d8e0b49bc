CREATE TABLE `mail_link` (
	`user_id` text NOT NULL,
	`address` text NOT NULL,
	`code_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `address`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `mail_link_expires` ON `mail_link` (`expires_at`);--> statement-breakpoint
CREATE TABLE `mailbox` (
	`local` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`active` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `mailbox_user` ON `mailbox` (`user_id`);