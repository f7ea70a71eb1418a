CREATE TABLE `mod_affiliates_affiliate_states` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `status` varchar(24) NOT NULL,
  `at` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `affiliate_states_at` (`affiliate_id`,`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_affiliate_totals` (
  `affiliate_id` int(10) unsigned NOT NULL,
  `clicks` bigint(20) NOT NULL DEFAULT 0,
  `signups` bigint(20) NOT NULL DEFAULT 0,
  `conversions` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`affiliate_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_affiliates` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `client_id` varchar(64) NOT NULL,
  `code` varchar(40) NOT NULL,
  `status` varchar(24) NOT NULL,
  `status_reason` varchar(500) NOT NULL,
  `locale` varchar(35) NOT NULL,
  `email_hash` varchar(64) NOT NULL,
  `user_id` varchar(64) NOT NULL,
  `enrolled_at` bigint(20) NOT NULL,
  `merged_into` int(10) unsigned DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `affiliates_client` (`client_id`),
  UNIQUE KEY `affiliates_code` (`code`),
  KEY `affiliates_email` (`email_hash`),
  KEY `affiliates_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_attributions` (
  `client_id` varchar(64) NOT NULL,
  `affiliate_id` int(10) unsigned DEFAULT NULL,
  `outcome` varchar(24) NOT NULL,
  `signed_up_at` bigint(20) NOT NULL,
  `click_id` varchar(26) NOT NULL,
  `campaign` varchar(64) NOT NULL,
  PRIMARY KEY (`client_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_audit` (
  `id` varchar(26) NOT NULL,
  `at` bigint(20) NOT NULL,
  `actor` varchar(190) NOT NULL,
  `action` varchar(40) NOT NULL,
  `affiliate_id` int(10) unsigned DEFAULT NULL,
  `parameters` text NOT NULL,
  PRIMARY KEY (`id`),
  KEY `audit_affiliate` (`affiliate_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_balances` (
  `affiliate_id` int(10) unsigned NOT NULL,
  `currency` varchar(3) NOT NULL,
  `expense` bigint(20) NOT NULL,
  `clearing` bigint(20) NOT NULL,
  `cleared` bigint(20) NOT NULL,
  `reserved` bigint(20) NOT NULL,
  `withdrawn` bigint(20) NOT NULL,
  PRIMARY KEY (`affiliate_id`,`currency`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_clicks` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `at` bigint(20) NOT NULL,
  `visitor` varchar(64) NOT NULL,
  `network` varchar(45) NOT NULL,
  `referrer_host` varchar(253) NOT NULL,
  `landing` varchar(500) NOT NULL,
  `campaign` varchar(64) NOT NULL,
  `counted` tinyint(1) NOT NULL,
  `reason` varchar(24) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `clicks_affiliate` (`affiliate_id`,`at`),
  KEY `clicks_at` (`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_client_addresses` (
  `client_id` varchar(64) NOT NULL,
  `email_hash` varchar(64) NOT NULL,
  `known_since` bigint(20) NOT NULL,
  PRIMARY KEY (`client_id`,`email_hash`),
  KEY `client_addresses_email` (`email_hash`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_client_states` (
  `client_id` varchar(64) NOT NULL,
  `status` varchar(24) NOT NULL,
  `status_at` bigint(20) NOT NULL,
  PRIMARY KEY (`client_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_client_traits` (
  `client_id` varchar(64) NOT NULL,
  `kind` varchar(24) NOT NULL,
  `trait_hash` varchar(64) NOT NULL,
  `known_since` bigint(20) NOT NULL,
  PRIMARY KEY (`client_id`,`kind`,`trait_hash`),
  KEY `client_traits_hash` (`trait_hash`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_commands` (
  `id` varchar(26) NOT NULL,
  `key` varchar(190) NOT NULL,
  `kind` varchar(24) NOT NULL,
  `payload` text NOT NULL,
  `status` varchar(24) NOT NULL,
  `attempts` int(11) NOT NULL,
  `due_at` bigint(20) NOT NULL,
  `claimed_until` bigint(20) NOT NULL,
  `answer` text DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `commands_key` (`key`),
  KEY `commands_due` (`status`,`due_at`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_commissions` (
  `id` varchar(26) NOT NULL,
  `line_key` varchar(130) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `tier` int(11) NOT NULL,
  `referral_id` varchar(26) NOT NULL,
  `currency` varchar(3) NOT NULL,
  `earned` bigint(20) NOT NULL,
  `reversed` bigint(20) NOT NULL,
  `state` varchar(24) NOT NULL,
  `paid_at` bigint(20) NOT NULL,
  `clears_at` bigint(20) NOT NULL,
  `terms` text NOT NULL,
  `conversion` text DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `commissions_line` (`line_key`,`affiliate_id`,`tier`),
  KEY `commissions_due` (`state`,`clears_at`),
  KEY `commissions_referral` (`referral_id`),
  KEY `commissions_affiliate` (`affiliate_id`,`state`),
  KEY `commissions_period` (`affiliate_id`,`paid_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_corrections` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `currency` varchar(3) NOT NULL,
  `amount` bigint(20) NOT NULL,
  `direction` varchar(24) NOT NULL,
  `reason` varchar(500) NOT NULL,
  `status` varchar(24) NOT NULL,
  `needs_approval` tinyint(1) NOT NULL,
  `proposed_at` bigint(20) NOT NULL,
  `proposed_by` varchar(190) NOT NULL,
  `proposed_by_id` varchar(64) NOT NULL,
  `decided_at` bigint(20) DEFAULT NULL,
  `decided_by` varchar(190) NOT NULL,
  `decided_by_id` varchar(64) NOT NULL,
  `decision_reason` varchar(500) NOT NULL,
  `posted_key` varchar(190) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `corrections_posted` (`posted_key`),
  KEY `corrections_status` (`status`,`id`),
  KEY `corrections_affiliate` (`affiliate_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_coupons` (
  `code` varchar(64) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `from_at` bigint(20) NOT NULL,
  `until_at` bigint(20) DEFAULT NULL,
  `referrals` int(10) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`code`),
  KEY `coupons_affiliate` (`affiliate_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_disputes` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `event_id` varchar(26) NOT NULL,
  `slot` varchar(190) NOT NULL,
  `status` varchar(24) NOT NULL,
  `by_email` tinyint(1) NOT NULL,
  `email_hash` varchar(64) NOT NULL,
  `invoice_id` varchar(64) NOT NULL,
  `day` varchar(10) NOT NULL,
  `note` varchar(1000) NOT NULL,
  `clicks` text NOT NULL,
  `ticket_id` varchar(64) NOT NULL,
  `opened_at` bigint(20) NOT NULL,
  `answered_at` bigint(20) DEFAULT NULL,
  `answered_by` varchar(190) NOT NULL,
  `answer` varchar(500) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `disputes_slot` (`slot`),
  KEY `disputes_affiliate` (`affiliate_id`,`status`,`id`),
  KEY `disputes_status` (`status`,`id`),
  KEY `disputes_email` (`email_hash`),
  KEY `disputes_invoice` (`invoice_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_earlier_invoices` (
  `invoice_id` varchar(64) NOT NULL,
  PRIMARY KEY (`invoice_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_evaluations` (
  `line_key` varchar(130) NOT NULL,
  `number` int(11) NOT NULL,
  `outcome` varchar(24) NOT NULL,
  `code` varchar(40) NOT NULL,
  `steps` text NOT NULL,
  `affiliate_id` int(10) unsigned DEFAULT NULL,
  `referral_id` varchar(26) DEFAULT NULL,
  `terms_id` varchar(26) DEFAULT NULL,
  `amount` bigint(20) NOT NULL,
  `currency` varchar(3) NOT NULL,
  `evaluated_at` bigint(20) NOT NULL,
  `tier` int(11) NOT NULL DEFAULT 1,
  PRIMARY KEY (`line_key`,`number`),
  KEY `evaluations_affiliate` (`affiliate_id`,`line_key`),
  KEY `evaluations_referral` (`referral_id`,`line_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_event_answers` (
  `event_id` varchar(26) NOT NULL,
  `status` varchar(24) NOT NULL,
  `answer` text NOT NULL,
  `answered_at` bigint(20) NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `event_answers_status` (`status`,`event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_event_failures` (
  `event_id` varchar(26) NOT NULL,
  `attempts` int(11) NOT NULL,
  `code` varchar(40) NOT NULL,
  `due_at` bigint(20) NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `event_failures_due` (`due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_event_order` (
  `sequence` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `event_id` varchar(26) NOT NULL,
  PRIMARY KEY (`sequence`),
  UNIQUE KEY `event_order_event` (`event_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_event_personal` (
  `event_id` varchar(26) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `data` text NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `event_personal_client` (`client_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_events` (
  `id` varchar(26) NOT NULL,
  `source` varchar(24) NOT NULL,
  `source_id` varchar(190) NOT NULL,
  `type` varchar(40) NOT NULL,
  `occurred_at` bigint(20) NOT NULL,
  `received_at` bigint(20) NOT NULL,
  `actor` text NOT NULL,
  `payload` mediumtext NOT NULL,
  `digest` varchar(64) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `events_source` (`source`,`source_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_group_members` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `group_key` varchar(40) NOT NULL,
  `from_at` bigint(20) NOT NULL,
  `made_by` varchar(190) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `group_members_affiliate` (`affiliate_id`,`from_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_groups` (
  `key` varchar(40) NOT NULL,
  `name` varchar(190) NOT NULL,
  `rank` int(11) NOT NULL,
  `promote_at` int(11) DEFAULT NULL,
  PRIMARY KEY (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_hold_decisions` (
  `line_key` varchar(130) NOT NULL,
  `decision` varchar(24) NOT NULL,
  `reason` varchar(500) NOT NULL,
  `decided_at` bigint(20) NOT NULL,
  `decided_by` varchar(190) NOT NULL,
  `decided_by_id` varchar(64) NOT NULL,
  PRIMARY KEY (`line_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_host_settings` (
  `version` int(10) unsigned NOT NULL,
  `settings` text NOT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_import_history` (
  `kind` varchar(24) NOT NULL,
  `entry_id` varchar(64) NOT NULL,
  `legacy_id` varchar(64) NOT NULL,
  `at` bigint(20) NOT NULL,
  `amount` bigint(20) NOT NULL,
  `invoice_id` varchar(64) NOT NULL,
  `service_id` varchar(64) NOT NULL,
  PRIMARY KEY (`kind`,`entry_id`),
  KEY `import_history_legacy` (`legacy_id`,`kind`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_import_lines` (
  `line_id` varchar(64) NOT NULL,
  `legacy_id` varchar(64) NOT NULL,
  `amount` bigint(20) NOT NULL,
  `clears_at` bigint(20) NOT NULL,
  `state` varchar(24) NOT NULL,
  `invoice_id` varchar(64) NOT NULL,
  `service_id` varchar(64) NOT NULL,
  PRIMARY KEY (`line_id`),
  KEY `import_lines_due` (`state`,`clears_at`),
  KEY `import_lines_legacy` (`legacy_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_imports` (
  `legacy_id` varchar(64) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `currency` varchar(3) NOT NULL,
  `clearing` bigint(20) NOT NULL,
  `cleared` bigint(20) NOT NULL,
  `withdrawn` bigint(20) NOT NULL,
  `visitors` bigint(20) NOT NULL,
  `terms` text NOT NULL,
  `version` int(11) NOT NULL,
  `imported_at` bigint(20) NOT NULL,
  `earns_from` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`legacy_id`),
  KEY `imports_affiliate` (`affiliate_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_invoice_lines` (
  `line_key` varchar(130) NOT NULL,
  `invoice_id` varchar(64) NOT NULL,
  `line_id` varchar(64) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `kind` varchar(24) NOT NULL,
  `net` bigint(20) NOT NULL,
  `quantity` int(11) NOT NULL,
  `service_id` varchar(64) NOT NULL,
  `product_id` varchar(64) NOT NULL,
  `product_name` varchar(500) NOT NULL,
  `paid_at` bigint(20) NOT NULL,
  `discount` bigint(20) NOT NULL DEFAULT 0,
  `credit` bigint(20) NOT NULL DEFAULT 0,
  `tax` bigint(20) NOT NULL DEFAULT 0,
  `product_group` varchar(64) NOT NULL DEFAULT '',
  `cycle` varchar(40) NOT NULL DEFAULT '',
  `tld` varchar(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`line_key`),
  KEY `invoice_lines_invoice` (`invoice_id`),
  KEY `invoice_lines_service` (`client_id`,`service_id`,`paid_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_invoices` (
  `id` varchar(64) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `currency` varchar(3) NOT NULL,
  `charged` bigint(20) NOT NULL,
  `counted` bigint(20) NOT NULL,
  `paid_at` bigint(20) NOT NULL,
  `status` varchar(24) NOT NULL,
  `status_at` bigint(20) NOT NULL,
  `version` int(11) NOT NULL,
  `coupon` varchar(64) NOT NULL DEFAULT '',
  `country` varchar(24) NOT NULL DEFAULT '',
  `exchange_rate` varchar(24) NOT NULL DEFAULT '',
  `came_with_merge` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `invoices_client` (`client_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_keys` (
  `name` varchar(24) NOT NULL,
  `value` varchar(190) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_ledger_entries` (
  `transaction_id` varchar(26) NOT NULL,
  `position` int(11) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `account` varchar(24) NOT NULL,
  `currency` varchar(3) NOT NULL,
  `amount` bigint(20) NOT NULL,
  PRIMARY KEY (`transaction_id`,`position`),
  KEY `ledger_entries_statement` (`affiliate_id`,`currency`,`transaction_id`,`account`,`amount`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_ledger_sealed` (
  `transaction_id` varchar(26) NOT NULL,
  `seal` int(10) unsigned NOT NULL,
  `position` int(10) unsigned NOT NULL,
  PRIMARY KEY (`transaction_id`),
  UNIQUE KEY `ledger_sealed_order` (`seal`,`position`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_ledger_seals` (
  `number` int(10) unsigned NOT NULL,
  `transactions` int(10) unsigned NOT NULL,
  `last_id` varchar(26) NOT NULL,
  `previous` varchar(64) NOT NULL,
  `hash` varchar(64) NOT NULL,
  `sealed_at` bigint(20) NOT NULL,
  PRIMARY KEY (`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_ledger_transactions` (
  `id` varchar(26) NOT NULL,
  `key` varchar(190) NOT NULL,
  `kind` varchar(24) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `currency` varchar(3) NOT NULL,
  `amount` bigint(20) NOT NULL,
  `commission_id` varchar(26) DEFAULT NULL,
  `withdrawal_id` varchar(26) DEFAULT NULL,
  `event_id` varchar(26) NOT NULL,
  `at` bigint(20) NOT NULL,
  `posted_at` bigint(20) NOT NULL,
  `digest` varchar(64) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ledger_transactions_key` (`key`),
  KEY `ledger_transactions_affiliate` (`affiliate_id`,`currency`,`id`),
  KEY `ledger_transactions_commission` (`commission_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_legacy_ids` (
  `legacy_id` varchar(64) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `imported_at` bigint(20) NOT NULL,
  PRIMARY KEY (`legacy_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_marks` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `marked_at` bigint(20) NOT NULL,
  `refunded` int(10) unsigned NOT NULL,
  `paid` int(10) unsigned NOT NULL,
  `lifted_at` bigint(20) DEFAULT NULL,
  `lifted_by` varchar(190) NOT NULL,
  `lifted_by_id` varchar(64) NOT NULL,
  `reason` varchar(500) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `marks_affiliate` (`affiliate_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_migrations` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) DEFAULT NULL,
  `batch` int(11) DEFAULT NULL,
  `migration_time` timestamp NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `mod_affiliates_migrations_lock` (
  `index` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `is_locked` int(11) DEFAULT NULL,
  PRIMARY KEY (`index`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `mod_affiliates_program_requests` (
  `ticket_id` varchar(64) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `asked_at` bigint(20) NOT NULL,
  `answered` tinyint(1) NOT NULL,
  PRIMARY KEY (`ticket_id`),
  KEY `program_requests_client` (`client_id`,`answered`),
  KEY `program_requests_open` (`answered`,`asked_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_proofs` (
  `id` varchar(26) NOT NULL,
  `report` text NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_referral_services` (
  `service_id` varchar(64) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `earned_at` bigint(20) NOT NULL,
  PRIMARY KEY (`service_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_referral_totals` (
  `referral_id` varchar(26) NOT NULL,
  `currency` varchar(3) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `paid` bigint(20) NOT NULL,
  `earned` bigint(20) NOT NULL,
  `last_commission_at` bigint(20) NOT NULL,
  PRIMARY KEY (`referral_id`,`currency`),
  KEY `referral_totals_earned` (`affiliate_id`,`currency`,`earned`,`referral_id`),
  KEY `referral_totals_paid` (`affiliate_id`,`currency`,`paid`,`referral_id`),
  KEY `referral_totals_last` (`affiliate_id`,`currency`,`last_commission_at`,`referral_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_referrals` (
  `id` varchar(26) NOT NULL,
  `client_id` varchar(64) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `signed_up_at` bigint(20) NOT NULL,
  `holds_from` bigint(20) NOT NULL,
  `status` varchar(24) NOT NULL,
  `closed_at` bigint(20) DEFAULT NULL,
  `first_name` varchar(500) NOT NULL,
  `last_name` varchar(500) NOT NULL,
  `initials` varchar(24) NOT NULL,
  `product` varchar(500) NOT NULL,
  `product_at` bigint(20) NOT NULL,
  `campaign` varchar(64) NOT NULL,
  `converted` tinyint(1) NOT NULL,
  `converted_at` bigint(20) DEFAULT NULL,
  `converted_by` varchar(130) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `referrals_client` (`client_id`),
  KEY `referrals_signed_up` (`affiliate_id`,`signed_up_at`,`id`),
  KEY `referrals_status` (`affiliate_id`,`status`,`id`),
  KEY `referrals_converted` (`affiliate_id`,`converted_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_refund_reversals` (
  `invoice_id` varchar(64) NOT NULL,
  `refund_id` varchar(64) NOT NULL,
  `at` bigint(20) NOT NULL,
  PRIMARY KEY (`invoice_id`,`refund_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_refunds` (
  `invoice_id` varchar(64) NOT NULL,
  `refund_id` varchar(64) NOT NULL,
  `amount` bigint(20) DEFAULT NULL,
  `line_id` varchar(64) NOT NULL,
  `at` bigint(20) NOT NULL,
  PRIMARY KEY (`invoice_id`,`refund_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_seen_networks` (
  `client_id` varchar(64) NOT NULL,
  `network` varchar(64) NOT NULL,
  `day` int(10) unsigned NOT NULL,
  PRIMARY KEY (`client_id`,`network`,`day`),
  KEY `seen_networks_day` (`day`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_suspicions` (
  `client_id` varchar(64) NOT NULL,
  `code` varchar(24) NOT NULL,
  `noted_at` bigint(20) NOT NULL,
  PRIMARY KEY (`client_id`,`code`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_terms` (
  `id` varchar(26) NOT NULL,
  `scope` varchar(24) NOT NULL,
  `scope_key` varchar(64) NOT NULL,
  `from_at` bigint(20) NOT NULL,
  `made_by` varchar(190) NOT NULL,
  `content` text DEFAULT NULL,
  `counts_affiliate` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `terms_scope` (`scope`,`scope_key`,`from_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_used_tokens` (
  `id` varchar(64) NOT NULL,
  `holder` varchar(26) NOT NULL,
  `expires_at` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `used_tokens_expired` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_visitors` (
  `affiliate_id` int(10) unsigned NOT NULL,
  `visitor` varchar(64) NOT NULL,
  `counted_at` bigint(20) NOT NULL,
  `click_id` varchar(26) NOT NULL,
  PRIMARY KEY (`affiliate_id`,`visitor`),
  KEY `visitors_counted` (`counted_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_webhook_deliveries` (
  `number` bigint(20) NOT NULL,
  `endpoint` varchar(40) NOT NULL,
  `message_id` varchar(40) NOT NULL,
  `status` varchar(24) NOT NULL,
  `attempts` int(11) NOT NULL,
  `due_at` bigint(20) NOT NULL,
  `claimed_until` bigint(20) NOT NULL,
  `answer` varchar(24) NOT NULL,
  `answered_at` bigint(20) DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`number`,`endpoint`),
  KEY `webhook_deliveries_due` (`endpoint`,`status`,`due_at`,`number`),
  KEY `webhook_deliveries_status` (`status`,`number`,`endpoint`),
  KEY `webhook_deliveries_message` (`message_id`,`endpoint`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_webhook_endpoints` (
  `key` varchar(40) NOT NULL,
  `url` varchar(500) NOT NULL,
  `failing_since` bigint(20) DEFAULT NULL,
  `disabled_at` bigint(20) DEFAULT NULL,
  `disabled_for` varchar(24) NOT NULL,
  `resting_until` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_webhook_messages` (
  `id` varchar(40) NOT NULL,
  `number` bigint(20) DEFAULT NULL,
  `type` varchar(24) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `body` text NOT NULL,
  `created_at` bigint(20) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `webhook_messages_number` (`number`),
  KEY `webhook_messages_age` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mod_affiliates_withdrawals` (
  `id` varchar(26) NOT NULL,
  `affiliate_id` int(10) unsigned NOT NULL,
  `currency` varchar(3) NOT NULL,
  `amount` bigint(20) NOT NULL,
  `method` varchar(24) NOT NULL,
  `details` text NOT NULL,
  `status` varchar(24) NOT NULL,
  `open_key` varchar(40) DEFAULT NULL,
  `paid_key` varchar(190) DEFAULT NULL,
  `ticket_id` varchar(64) NOT NULL,
  `requested_at` bigint(20) NOT NULL,
  `decided_at` bigint(20) DEFAULT NULL,
  `decided_by` varchar(190) NOT NULL,
  `reason` varchar(500) NOT NULL,
  `reference` varchar(190) NOT NULL,
  `needs_approval` tinyint(1) NOT NULL DEFAULT 0,
  `first_approved_at` bigint(20) DEFAULT NULL,
  `first_approved_by` varchar(190) NOT NULL DEFAULT '',
  `first_approved_by_id` varchar(64) NOT NULL DEFAULT '',
  `first_transaction_id` varchar(190) NOT NULL DEFAULT '',
  `decided_by_id` varchar(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `withdrawals_open` (`open_key`),
  UNIQUE KEY `withdrawals_paid` (`paid_key`),
  KEY `withdrawals_affiliate` (`affiliate_id`,`id`),
  KEY `withdrawals_status` (`status`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

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
