#include "tools/switchboardctl/rules_command_line.hpp"

#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/rules_commands.hpp"

namespace switchboard::ctl {
namespace {

using change_ptr = std::shared_ptr<rules_change>;

void reasons_of(CLI::App* sub, const change_ptr& change) {
  sub->add_option("--reason", change->comment, "Why, for the history");
  sub->add_flag("--reevaluate", change->reevaluate, "Waiting sessions are routed anew, too");
  sub->add_option("--expect", change->expected, "Only while this version is the active one");
}

void declare_changes(CLI::App& rules, command_line& into) {
  auto* diff =
      rules.add_subcommand("diff", "A file, or an earlier version, against the live queues");
  auto with = std::make_shared<rules_change>();
  auto* file = diff->add_option("FILE", with->file, "A dispatch file");
  auto* version =
      diff->add_option("--version", with->version, "A version of the history")->excludes(file);
  (void)version;
  when_asked(diff, into, [with](control_client& daemon) -> outcome {
    if (with->file.empty() && with->version == 0) {
      return tl::unexpected(failure{exit_code::usage, "usage", "give FILE or --version N", {}, {}});
    }
    return diff_rules(daemon, *with);
  });

  auto* apply =
      rules.add_subcommand("apply", "Takes up a file as the new version, all of it at once");
  auto what = std::make_shared<rules_change>();
  apply->add_option("FILE", what->file, "A dispatch file")->required();
  reasons_of(apply, what);
  when_asked(apply, into, [what](control_client& daemon) { return apply_rules(daemon, *what); });

  auto* back = rules.add_subcommand("rollback", "Takes up an earlier version again, as a new one");
  auto to = std::make_shared<rules_change>();
  back->add_option("N", to->version, "The version")
      ->required()
      ->check(CLI::Range(1, 1'000'000'000));
  reasons_of(back, to);
  when_asked(back, into, [to](control_client& daemon) { return rollback_rules(daemon, *to); });

  auto* set =
      rules.add_subcommand("set", "Sets one value: agents.lin.capacity 4, groups.vip.queue.max 50");
  auto value = std::make_shared<rules_value>();
  auto how = std::shared_ptr<rules_change>(value, &value->how);
  set->add_option("PATH", value->path, "Keys and ids, joined by dots")->required();
  set->add_option("VALUE", value->value, "As in YAML, on one line")->required();
  reasons_of(set, how);
  when_asked(set, into, [value](control_client& daemon) { return set_rule(daemon, *value); });
}

}  // namespace

void declare_rules(CLI::App& app, command_line& into) {
  auto* rules = app.add_subcommand(
      "rules", "The configuration: groups, agents, calendars and rules, as versions");
  rules->require_subcommand(1);

  auto* check = rules->add_subcommand(
      "check", "Checks a dispatch file, says what is hardly meant; changes nothing");
  auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "A dispatch file")->required();
  when_given(check, into, [path] { return check_rules(*path); });

  declare_changes(*rules, into);

  auto* history = rules->add_subcommand("history", "Every version: when, by whom, why");
  auto limit = std::make_shared<std::int64_t>(50);
  history->add_option("--limit", *limit, "At most so many [50]")->check(CLI::Range(1, 1'000));
  when_asked(history, into, [limit](control_client& daemon) { return list_rules(daemon, *limit); });

  auto* conflicts = rules->add_subcommand(
      "conflicts",
      "What the changed dispatch file would take back of what was decided while running");
  when_asked(conflicts, into, [](control_client& daemon) { return show_conflicts(daemon); });
  auto* keep = rules->add_subcommand(
      "keep", "Settles a conflict: what runs goes on, the file waits for its next change");
  when_asked(keep, into, [](control_client& daemon) { return keep_rules(daemon); });

  auto* show = rules->add_subcommand("show", "The text of a version, to be kept as a file");
  auto version = std::make_shared<std::int64_t>(0);
  show->add_option("N", *version, "The version [the active one]");
  when_asked(show, into,
             [version](control_client& daemon) { return show_rules(daemon, *version); });

  auto* group = app.add_subcommand(
      "group", "Closes a group or opens it; creates, changes, merges, retires it");
  group->require_subcommand(1);
  auto closing = std::make_shared<group_closing>();
  auto* close = group->add_subcommand("close", "Nobody new comes in, who waits is sent on");
  close->add_option("ID", closing->group, "The group")->required();
  close->add_option("--reason", closing->reason, "Why, on record")->required();
  when_asked(close, into,
             [closing](control_client& daemon) { return close_group(daemon, *closing); });
  auto* open = group->add_subcommand("open", "Its calendar decides again");
  open->add_option("ID", closing->group, "The group")->required();
  open->add_option("--reason", closing->reason, "Why, on record");
  when_asked(open, into,
             [closing](control_client& daemon) { return open_group(daemon, *closing); });
}

}  // namespace switchboard::ctl
