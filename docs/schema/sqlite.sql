CREATE TABLE `mod_affiliates_affiliate_states` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `status` varchar(24) not null,
  `at` bigint not null,
  primary key (`id`)
);

CREATE INDEX `affiliate_states_at` on `mod_affiliates_affiliate_states` (`affiliate_id`, `at`);

CREATE TABLE `mod_affiliates_affiliate_totals` (
  `affiliate_id` integer,
  `clicks` bigint not null default '0',
  `signups` bigint not null default '0',
  `conversions` bigint not null default '0',
  primary key (`affiliate_id`)
);

CREATE TABLE `mod_affiliates_affiliates` (
  `id` integer not null primary key autoincrement,
  `client_id` varchar(64) not null,
  `code` varchar(40) not null,
  `status` varchar(24) not null,
  `status_reason` varchar(500) not null,
  `locale` varchar(35) not null,
  `email_hash` varchar(64) not null,
  `user_id` varchar(64) not null,
  `enrolled_at` bigint not null,
  `merged_into` integer
);

CREATE UNIQUE INDEX `affiliates_client` on `mod_affiliates_affiliates` (`client_id`);

CREATE UNIQUE INDEX `affiliates_code` on `mod_affiliates_affiliates` (`code`);

CREATE INDEX `affiliates_email` on `mod_affiliates_affiliates` (`email_hash`);

CREATE INDEX `affiliates_user` on `mod_affiliates_affiliates` (`user_id`);

CREATE TABLE `mod_affiliates_attributions` (
  `client_id` varchar(64),
  `affiliate_id` integer,
  `outcome` varchar(24) not null,
  `signed_up_at` bigint not null,
  `click_id` varchar(26) not null,
  `campaign` varchar(64) not null,
  primary key (`client_id`)
);

CREATE TABLE `mod_affiliates_audit` (
  `id` varchar(26),
  `at` bigint not null,
  `actor` varchar(190) not null,
  `action` varchar(40) not null,
  `affiliate_id` integer,
  `parameters` text not null,
  primary key (`id`)
);

CREATE INDEX `audit_affiliate` on `mod_affiliates_audit` (`affiliate_id`, `id`);

CREATE TABLE `mod_affiliates_balances` (
  `affiliate_id` integer not null,
  `currency` varchar(3) not null,
  `expense` bigint not null,
  `clearing` bigint not null,
  `cleared` bigint not null,
  `reserved` bigint not null,
  `withdrawn` bigint not null,
  primary key (`affiliate_id`, `currency`)
);

CREATE TABLE `mod_affiliates_clicks` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `at` bigint not null,
  `visitor` varchar(64) not null,
  `network` varchar(45) not null,
  `referrer_host` varchar(253) not null,
  `landing` varchar(500) not null,
  `campaign` varchar(64) not null,
  `counted` boolean not null,
  `reason` varchar(24) not null,
  primary key (`id`)
);

CREATE INDEX `clicks_affiliate` on `mod_affiliates_clicks` (`affiliate_id`, `at`);

CREATE INDEX `clicks_at` on `mod_affiliates_clicks` (`at`);

CREATE TABLE `mod_affiliates_client_addresses` (
  `client_id` varchar(64) not null,
  `email_hash` varchar(64) not null,
  `known_since` bigint not null,
  primary key (`client_id`, `email_hash`)
);

CREATE INDEX `client_addresses_email` on `mod_affiliates_client_addresses` (`email_hash`);

CREATE TABLE `mod_affiliates_client_states` (
  `client_id` varchar(64),
  `status` varchar(24) not null,
  `status_at` bigint not null,
  primary key (`client_id`)
);

CREATE TABLE `mod_affiliates_client_traits` (
  `client_id` varchar(64) not null,
  `kind` varchar(24) not null,
  `trait_hash` varchar(64) not null,
  `known_since` bigint not null,
  primary key (`client_id`, `kind`, `trait_hash`)
);

CREATE INDEX `client_traits_hash` on `mod_affiliates_client_traits` (`trait_hash`);

CREATE TABLE `mod_affiliates_commands` (
  `id` varchar(26),
  `key` varchar(190) not null,
  `kind` varchar(24) not null,
  `payload` text not null,
  `status` varchar(24) not null,
  `attempts` integer not null,
  `due_at` bigint not null,
  `claimed_until` bigint not null,
  `answer` text,
  `created_at` bigint not null,
  primary key (`id`)
);

CREATE INDEX `commands_due` on `mod_affiliates_commands` (`status`, `due_at`, `id`);

CREATE UNIQUE INDEX `commands_key` on `mod_affiliates_commands` (`key`);

CREATE TABLE `mod_affiliates_commissions` (
  `id` varchar(26),
  `line_key` varchar(130) not null,
  `affiliate_id` integer not null,
  `tier` integer not null,
  `referral_id` varchar(26) not null,
  `currency` varchar(3) not null,
  `earned` bigint not null,
  `reversed` bigint not null,
  `state` varchar(24) not null,
  `paid_at` bigint not null,
  `clears_at` bigint not null,
  `terms` text not null,
  `conversion` text,
  primary key (`id`)
);

CREATE INDEX `commissions_affiliate` on `mod_affiliates_commissions` (`affiliate_id`, `state`);

CREATE INDEX `commissions_due` on `mod_affiliates_commissions` (`state`, `clears_at`);

CREATE UNIQUE INDEX `commissions_line` on `mod_affiliates_commissions` (`line_key`, `affiliate_id`, `tier`);

CREATE INDEX `commissions_period` on `mod_affiliates_commissions` (`affiliate_id`, `paid_at`);

CREATE INDEX `commissions_referral` on `mod_affiliates_commissions` (`referral_id`);

CREATE TABLE `mod_affiliates_corrections` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `currency` varchar(3) not null,
  `amount` bigint not null,
  `direction` varchar(24) not null,
  `reason` varchar(500) not null,
  `status` varchar(24) not null,
  `needs_approval` boolean not null,
  `proposed_at` bigint not null,
  `proposed_by` varchar(190) not null,
  `proposed_by_id` varchar(64) not null,
  `decided_at` bigint,
  `decided_by` varchar(190) not null,
  `decided_by_id` varchar(64) not null,
  `decision_reason` varchar(500) not null,
  `posted_key` varchar(190),
  primary key (`id`)
);

CREATE INDEX `corrections_affiliate` on `mod_affiliates_corrections` (`affiliate_id`, `id`);

CREATE UNIQUE INDEX `corrections_posted` on `mod_affiliates_corrections` (`posted_key`);

CREATE INDEX `corrections_status` on `mod_affiliates_corrections` (`status`, `id`);

CREATE TABLE `mod_affiliates_coupons` (
  `code` varchar(64),
  `affiliate_id` integer not null,
  `from_at` bigint not null,
  `until_at` bigint,
  `referrals` integer not null default '0',
  primary key (`code`)
);

CREATE INDEX `coupons_affiliate` on `mod_affiliates_coupons` (`affiliate_id`);

CREATE TABLE `mod_affiliates_disputes` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `event_id` varchar(26) not null,
  `slot` varchar(190) not null,
  `status` varchar(24) not null,
  `by_email` boolean not null,
  `email_hash` varchar(64) not null,
  `invoice_id` varchar(64) not null,
  `day` varchar(10) not null,
  `note` varchar(1000) not null,
  `clicks` text not null,
  `ticket_id` varchar(64) not null,
  `opened_at` bigint not null,
  `answered_at` bigint,
  `answered_by` varchar(190) not null,
  `answer` varchar(500) not null,
  primary key (`id`)
);

CREATE INDEX `disputes_affiliate` on `mod_affiliates_disputes` (`affiliate_id`, `status`, `id`);

CREATE INDEX `disputes_email` on `mod_affiliates_disputes` (`email_hash`);

CREATE INDEX `disputes_invoice` on `mod_affiliates_disputes` (`invoice_id`);

CREATE UNIQUE INDEX `disputes_slot` on `mod_affiliates_disputes` (`slot`);

CREATE INDEX `disputes_status` on `mod_affiliates_disputes` (`status`, `id`);

CREATE TABLE `mod_affiliates_earlier_invoices` (
  `invoice_id` varchar(64),
  primary key (`invoice_id`)
);

CREATE TABLE `mod_affiliates_evaluations` (
  `line_key` varchar(130) not null,
  `number` integer not null,
  `outcome` varchar(24) not null,
  `code` varchar(40) not null,
  `steps` text not null,
  `affiliate_id` integer,
  `referral_id` varchar(26),
  `terms_id` varchar(26),
  `amount` bigint not null,
  `currency` varchar(3) not null,
  `evaluated_at` bigint not null,
  `tier` integer not null default '1',
  primary key (`line_key`, `number`)
);

CREATE INDEX `evaluations_affiliate` on `mod_affiliates_evaluations` (`affiliate_id`, `line_key`);

CREATE INDEX `evaluations_referral` on `mod_affiliates_evaluations` (`referral_id`, `line_key`);

CREATE TABLE `mod_affiliates_event_answers` (
  `event_id` varchar(26),
  `status` varchar(24) not null,
  `answer` text not null,
  `answered_at` bigint not null,
  primary key (`event_id`)
);

CREATE INDEX `event_answers_status` on `mod_affiliates_event_answers` (`status`, `event_id`);

CREATE TABLE `mod_affiliates_event_failures` (
  `event_id` varchar(26),
  `attempts` integer not null,
  `code` varchar(40) not null,
  `due_at` bigint not null,
  primary key (`event_id`)
);

CREATE INDEX `event_failures_due` on `mod_affiliates_event_failures` (`due_at`);

CREATE TABLE `mod_affiliates_event_order` (
  `sequence` integer not null primary key autoincrement,
  `event_id` varchar(26) not null
);

CREATE UNIQUE INDEX `event_order_event` on `mod_affiliates_event_order` (`event_id`);

CREATE TABLE `mod_affiliates_event_personal` (
  `event_id` varchar(26),
  `client_id` varchar(64) not null,
  `data` text not null,
  primary key (`event_id`)
);

CREATE INDEX `event_personal_client` on `mod_affiliates_event_personal` (`client_id`);

CREATE TABLE `mod_affiliates_events` (
  `id` varchar(26),
  `source` varchar(24) not null,
  `source_id` varchar(190) not null,
  `type` varchar(40) not null,
  `occurred_at` bigint not null,
  `received_at` bigint not null,
  `actor` text not null,
  `payload` text not null,
  `digest` varchar(64) not null,
  primary key (`id`)
);

CREATE UNIQUE INDEX `events_source` on `mod_affiliates_events` (`source`, `source_id`);

CREATE TABLE `mod_affiliates_group_members` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `group_key` varchar(40) not null,
  `from_at` bigint not null,
  `made_by` varchar(190) not null,
  primary key (`id`)
);

CREATE INDEX `group_members_affiliate` on `mod_affiliates_group_members` (`affiliate_id`, `from_at`);

CREATE TABLE `mod_affiliates_groups` (
  `key` varchar(40),
  `name` varchar(190) not null,
  `rank` integer not null,
  `promote_at` integer,
  primary key (`key`)
);

CREATE TABLE `mod_affiliates_hold_decisions` (
  `line_key` varchar(130),
  `decision` varchar(24) not null,
  `reason` varchar(500) not null,
  `decided_at` bigint not null,
  `decided_by` varchar(190) not null,
  `decided_by_id` varchar(64) not null,
  primary key (`line_key`)
);

CREATE TABLE `mod_affiliates_host_settings` (
  `version` integer,
  `settings` text not null,
  `created_at` bigint not null,
  primary key (`version`)
);

CREATE TABLE `mod_affiliates_import_history` (
  `kind` varchar(24) not null,
  `entry_id` varchar(64) not null,
  `legacy_id` varchar(64) not null,
  `at` bigint not null,
  `amount` bigint not null,
  `invoice_id` varchar(64) not null,
  `service_id` varchar(64) not null,
  primary key (`kind`, `entry_id`)
);

CREATE INDEX `import_history_legacy` on `mod_affiliates_import_history` (`legacy_id`, `kind`);

CREATE TABLE `mod_affiliates_import_lines` (
  `line_id` varchar(64),
  `legacy_id` varchar(64) not null,
  `amount` bigint not null,
  `clears_at` bigint not null,
  `state` varchar(24) not null,
  `invoice_id` varchar(64) not null,
  `service_id` varchar(64) not null,
  primary key (`line_id`)
);

CREATE INDEX `import_lines_due` on `mod_affiliates_import_lines` (`state`, `clears_at`);

CREATE INDEX `import_lines_legacy` on `mod_affiliates_import_lines` (`legacy_id`);

CREATE TABLE `mod_affiliates_imports` (
  `legacy_id` varchar(64),
  `affiliate_id` integer not null,
  `currency` varchar(3) not null,
  `clearing` bigint not null,
  `cleared` bigint not null,
  `withdrawn` bigint not null,
  `visitors` bigint not null,
  `terms` text not null,
  `version` integer not null,
  `imported_at` bigint not null,
  `earns_from` bigint,
  primary key (`legacy_id`)
);

CREATE INDEX `imports_affiliate` on `mod_affiliates_imports` (`affiliate_id`);

CREATE TABLE `mod_affiliates_invoice_lines` (
  `line_key` varchar(130),
  `invoice_id` varchar(64) not null,
  `line_id` varchar(64) not null,
  `client_id` varchar(64) not null,
  `kind` varchar(24) not null,
  `net` bigint not null,
  `quantity` integer not null,
  `service_id` varchar(64) not null,
  `product_id` varchar(64) not null,
  `product_name` varchar(500) not null,
  `paid_at` bigint not null,
  `discount` bigint not null default '0',
  `credit` bigint not null default '0',
  `tax` bigint not null default '0',
  `product_group` varchar(64) not null default '',
  `cycle` varchar(40) not null default '',
  `tld` varchar(64) not null default '',
  primary key (`line_key`)
);

CREATE INDEX `invoice_lines_invoice` on `mod_affiliates_invoice_lines` (`invoice_id`);

CREATE INDEX `invoice_lines_service` on `mod_affiliates_invoice_lines` (`client_id`, `service_id`, `paid_at`);

CREATE TABLE `mod_affiliates_invoices` (
  `id` varchar(64),
  `client_id` varchar(64) not null,
  `currency` varchar(3) not null,
  `charged` bigint not null,
  `counted` bigint not null,
  `paid_at` bigint not null,
  `status` varchar(24) not null,
  `status_at` bigint not null,
  `version` integer not null,
  `coupon` varchar(64) not null default '',
  `country` varchar(24) not null default '',
  `exchange_rate` varchar(24) not null default '',
  `came_with_merge` boolean not null default '0',
  primary key (`id`)
);

CREATE INDEX `invoices_client` on `mod_affiliates_invoices` (`client_id`);

CREATE TABLE `mod_affiliates_keys` (
  `name` varchar(24),
  `value` varchar(190) not null,
  primary key (`name`)
);

CREATE TABLE `mod_affiliates_ledger_entries` (
  `transaction_id` varchar(26) not null,
  `position` integer not null,
  `affiliate_id` integer not null,
  `account` varchar(24) not null,
  `currency` varchar(3) not null,
  `amount` bigint not null,
  primary key (`transaction_id`, `position`)
);

CREATE INDEX `ledger_entries_statement` on `mod_affiliates_ledger_entries` (`affiliate_id`, `currency`, `transaction_id`, `account`, `amount`);

CREATE TABLE `mod_affiliates_ledger_sealed` (
  `transaction_id` varchar(26),
  `seal` integer not null,
  `position` integer not null,
  primary key (`transaction_id`)
);

CREATE UNIQUE INDEX `ledger_sealed_order` on `mod_affiliates_ledger_sealed` (`seal`, `position`);

CREATE TABLE `mod_affiliates_ledger_seals` (
  `number` integer,
  `transactions` integer not null,
  `last_id` varchar(26) not null,
  `previous` varchar(64) not null,
  `hash` varchar(64) not null,
  `sealed_at` bigint not null,
  primary key (`number`)
);

CREATE TABLE `mod_affiliates_ledger_transactions` (
  `id` varchar(26),
  `key` varchar(190) not null,
  `kind` varchar(24) not null,
  `affiliate_id` integer not null,
  `currency` varchar(3) not null,
  `amount` bigint not null,
  `commission_id` varchar(26),
  `withdrawal_id` varchar(26),
  `event_id` varchar(26) not null,
  `at` bigint not null,
  `posted_at` bigint not null,
  `digest` varchar(64) not null,
  primary key (`id`)
);

CREATE INDEX `ledger_transactions_affiliate` on `mod_affiliates_ledger_transactions` (`affiliate_id`, `currency`, `id`);

CREATE INDEX `ledger_transactions_commission` on `mod_affiliates_ledger_transactions` (`commission_id`, `id`);

CREATE UNIQUE INDEX `ledger_transactions_key` on `mod_affiliates_ledger_transactions` (`key`);

CREATE TABLE `mod_affiliates_legacy_ids` (
  `legacy_id` varchar(64),
  `affiliate_id` integer not null,
  `imported_at` bigint not null,
  primary key (`legacy_id`)
);

CREATE TABLE `mod_affiliates_marks` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `marked_at` bigint not null,
  `refunded` integer not null,
  `paid` integer not null,
  `lifted_at` bigint,
  `lifted_by` varchar(190) not null,
  `lifted_by_id` varchar(64) not null,
  `reason` varchar(500) not null,
  primary key (`id`)
);

CREATE INDEX `marks_affiliate` on `mod_affiliates_marks` (`affiliate_id`);

CREATE TABLE `mod_affiliates_migrations` (
  `id` integer not null primary key autoincrement,
  `name` varchar(255),
  `batch` integer,
  `migration_time` datetime
);

CREATE TABLE `mod_affiliates_migrations_lock` (
  `index` integer not null primary key autoincrement,
  `is_locked` integer
);

CREATE TABLE `mod_affiliates_program_requests` (
  `ticket_id` varchar(64),
  `client_id` varchar(64) not null,
  `asked_at` bigint not null,
  `answered` boolean not null,
  primary key (`ticket_id`)
);

CREATE INDEX `program_requests_client` on `mod_affiliates_program_requests` (`client_id`, `answered`);

CREATE INDEX `program_requests_open` on `mod_affiliates_program_requests` (`answered`, `asked_at`);

CREATE TABLE `mod_affiliates_proofs` (
  `id` varchar(26),
  `report` text not null,
  primary key (`id`)
);

CREATE TABLE `mod_affiliates_referral_services` (
  `service_id` varchar(64),
  `client_id` varchar(64) not null,
  `earned_at` bigint not null,
  primary key (`service_id`)
);

CREATE TABLE `mod_affiliates_referral_totals` (
  `referral_id` varchar(26) not null,
  `currency` varchar(3) not null,
  `affiliate_id` integer not null,
  `paid` bigint not null,
  `earned` bigint not null,
  `last_commission_at` bigint not null,
  primary key (`referral_id`, `currency`)
);

CREATE INDEX `referral_totals_earned` on `mod_affiliates_referral_totals` (`affiliate_id`, `currency`, `earned`, `referral_id`);

CREATE INDEX `referral_totals_last` on `mod_affiliates_referral_totals` (`affiliate_id`, `currency`, `last_commission_at`, `referral_id`);

CREATE INDEX `referral_totals_paid` on `mod_affiliates_referral_totals` (`affiliate_id`, `currency`, `paid`, `referral_id`);

CREATE TABLE `mod_affiliates_referrals` (
  `id` varchar(26),
  `client_id` varchar(64) not null,
  `affiliate_id` integer not null,
  `signed_up_at` bigint not null,
  `holds_from` bigint not null,
  `status` varchar(24) not null,
  `closed_at` bigint,
  `first_name` varchar(500) not null,
  `last_name` varchar(500) not null,
  `initials` varchar(24) not null,
  `product` varchar(500) not null,
  `product_at` bigint not null,
  `campaign` varchar(64) not null,
  `converted` boolean not null,
  `converted_at` bigint,
  `converted_by` varchar(130),
  primary key (`id`)
);

CREATE UNIQUE INDEX `referrals_client` on `mod_affiliates_referrals` (`client_id`);

CREATE INDEX `referrals_converted` on `mod_affiliates_referrals` (`affiliate_id`, `converted_at`);

CREATE INDEX `referrals_signed_up` on `mod_affiliates_referrals` (`affiliate_id`, `signed_up_at`, `id`);

CREATE INDEX `referrals_status` on `mod_affiliates_referrals` (`affiliate_id`, `status`, `id`);

CREATE TABLE `mod_affiliates_refund_reversals` (
  `invoice_id` varchar(64) not null,
  `refund_id` varchar(64) not null,
  `at` bigint not null,
  primary key (`invoice_id`, `refund_id`)
);

CREATE TABLE `mod_affiliates_refunds` (
  `invoice_id` varchar(64) not null,
  `refund_id` varchar(64) not null,
  `amount` bigint,
  `line_id` varchar(64) not null,
  `at` bigint not null,
  primary key (`invoice_id`, `refund_id`)
);

CREATE TABLE `mod_affiliates_seen_networks` (
  `client_id` varchar(64) not null,
  `network` varchar(64) not null,
  `day` integer not null,
  primary key (`client_id`, `network`, `day`)
);

CREATE INDEX `seen_networks_day` on `mod_affiliates_seen_networks` (`day`);

CREATE TABLE `mod_affiliates_suspicions` (
  `client_id` varchar(64) not null,
  `code` varchar(24) not null,
  `noted_at` bigint not null,
  primary key (`client_id`, `code`)
);

CREATE TABLE `mod_affiliates_terms` (
  `id` varchar(26),
  `scope` varchar(24) not null,
  `scope_key` varchar(64) not null,
  `from_at` bigint not null,
  `made_by` varchar(190) not null,
  `content` text,
  `counts_affiliate` boolean not null default '0',
  primary key (`id`)
);

CREATE INDEX `terms_scope` on `mod_affiliates_terms` (`scope`, `scope_key`, `from_at`);

CREATE TABLE `mod_affiliates_used_tokens` (
  `id` varchar(64),
  `holder` varchar(26) not null,
  `expires_at` bigint not null,
  primary key (`id`)
);

CREATE INDEX `used_tokens_expired` on `mod_affiliates_used_tokens` (`expires_at`);

CREATE TABLE `mod_affiliates_visitors` (
  `affiliate_id` integer not null,
  `visitor` varchar(64) not null,
  `counted_at` bigint not null,
  `click_id` varchar(26) not null,
  primary key (`affiliate_id`, `visitor`)
);

CREATE INDEX `visitors_counted` on `mod_affiliates_visitors` (`counted_at`);

CREATE TABLE `mod_affiliates_webhook_deliveries` (
  `number` bigint not null,
  `endpoint` varchar(40) not null,
  `message_id` varchar(40) not null,
  `status` varchar(24) not null,
  `attempts` integer not null,
  `due_at` bigint not null,
  `claimed_until` bigint not null,
  `answer` varchar(24) not null,
  `answered_at` bigint,
  `created_at` bigint not null,
  primary key (`number`, `endpoint`)
);

CREATE INDEX `webhook_deliveries_due` on `mod_affiliates_webhook_deliveries` (`endpoint`, `status`, `due_at`, `number`);

CREATE INDEX `webhook_deliveries_message` on `mod_affiliates_webhook_deliveries` (`message_id`, `endpoint`);

CREATE INDEX `webhook_deliveries_status` on `mod_affiliates_webhook_deliveries` (`status`, `number`, `endpoint`);

CREATE TABLE `mod_affiliates_webhook_endpoints` (
  `key` varchar(40),
  `url` varchar(500) not null,
  `failing_since` bigint,
  `disabled_at` bigint,
  `disabled_for` varchar(24) not null,
  `resting_until` bigint,
  primary key (`key`)
);

CREATE TABLE `mod_affiliates_webhook_messages` (
  `id` varchar(40),
  `number` bigint,
  `type` varchar(24) not null,
  `affiliate_id` integer not null,
  `body` text not null,
  `created_at` bigint not null,
  primary key (`id`)
);

CREATE INDEX `webhook_messages_age` on `mod_affiliates_webhook_messages` (`created_at`);

CREATE UNIQUE INDEX `webhook_messages_number` on `mod_affiliates_webhook_messages` (`number`);

CREATE TABLE `mod_affiliates_withdrawals` (
  `id` varchar(26),
  `affiliate_id` integer not null,
  `currency` varchar(3) not null,
  `amount` bigint not null,
  `method` varchar(24) not null,
  `details` text not null,
  `status` varchar(24) not null,
  `open_key` varchar(40),
  `paid_key` varchar(190),
  `ticket_id` varchar(64) not null,
  `requested_at` bigint not null,
  `decided_at` bigint,
  `decided_by` varchar(190) not null,
  `reason` varchar(500) not null,
  `reference` varchar(190) not null,
  `needs_approval` boolean not null default '0',
  `first_approved_at` bigint,
  `first_approved_by` varchar(190) not null default '',
  `first_approved_by_id` varchar(64) not null default '',
  `first_transaction_id` varchar(190) not null default '',
  `decided_by_id` varchar(64) not null default '',
  primary key (`id`)
);

CREATE INDEX `withdrawals_affiliate` on `mod_affiliates_withdrawals` (`affiliate_id`, `id`);

CREATE UNIQUE INDEX `withdrawals_open` on `mod_affiliates_withdrawals` (`open_key`);

CREATE UNIQUE INDEX `withdrawals_paid` on `mod_affiliates_withdrawals` (`paid_key`);

CREATE INDEX `withdrawals_status` on `mod_affiliates_withdrawals` (`status`, `id`);

INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0001_affiliates');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0002_affiliate_states');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0003_affiliate_totals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0004_program_requests');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0005_clicks');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0006_visitors');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0007_attributions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0008_referrals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0009_referral_totals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0010_terms');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0011_invoices');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0012_invoice_lines');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0013_refunds');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0014_evaluations');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0015_commissions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0016_ledger_transactions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0017_ledger_entries');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0018_balances');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0019_withdrawals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0020_events');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0021_event_answers');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0022_event_failures');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0023_event_personal');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0024_commands');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0025_audit');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0026_keys');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0027_client_states');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0028_ledger_seals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0029_ledger_sealed');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0030_proofs');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0031_terms_content');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0032_terms_gathered');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0033_terms_columns_dropped');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0034_line_prices');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0035_invoice_facts');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0036_evaluation_tiers');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0037_commission_conversions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0038_conversion_dates');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0039_conversions_dated');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0040_coupons');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0041_groups');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0042_group_members');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0043_commissions_of_period');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0044_referrals_converted');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0045_corrections');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0046_withdrawal_approvals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0050_disputes');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0051_client_addresses');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0052_client_addresses_known');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0055_suspicions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0056_hold_decisions');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0060_event_order');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0061_event_order_of_older_answers');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0065_ledger_entries_statement');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0066_ledger_entries_account');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0070_evaluations_referral');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0071_ledger_transactions_commission');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0075_coupon_referrals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0077_refund_reversals');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0080_seen_networks');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0081_client_traits');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0082_marks');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0090_webhook_messages');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0091_webhook_deliveries');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0092_webhook_endpoints');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0095_legacy_ids');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0096_imports');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0097_import_lines');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0098_import_history');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0099_referral_services');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0100_used_tokens');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0101_host_settings');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0105_invoice_came_with_merge');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0110_webhook_rests');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0111_earlier_invoices');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0112_earlier_invoices_filled');
INSERT INTO `mod_affiliates_migrations` (`name`) VALUES ('0113_import_beginnings');
