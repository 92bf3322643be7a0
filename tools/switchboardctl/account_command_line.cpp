#include "tools/switchboardctl/account_command_line.hpp"

#include "config/quantity.hpp"
#include "tools/switchboardctl/account_commands.hpp"
#include "tools/switchboardctl/command_declaring.hpp"

namespace switchboard::ctl {
namespace {

using order_ptr = std::shared_ptr<change_order>;

order_ptr declared(CLI::App* sub, const char* method, const char* what) {
  auto order = std::make_shared<change_order>();
  order->method = method;
  sub->add_option("ID", order->id, what)->required();
  sub->add_option("--reason", order->why, "Why, for the history");
  return order;
}

void declare_fields(CLI::App* sub, command_line& into, const order_ptr& order, bool account) {
  auto& f = order->fields;
  sub->add_option("--name", f.name, "As people see it");
  if (account) {
    sub->add_option("--role", f.role, "agent, supervisor, leader or admin");
    sub->add_option("--team", f.team, "An id of teams");
    sub->add_option("--groups", f.groups, "vip,general: all of them");
    sub->add_option("--skills", f.skills, "english=3,java=5: these, others stay");
    sub->add_option("--capacity", f.capacity, "Units of work at once")->check(CLI::Range(1, 1'000));
  } else {
    sub->add_option("--strategy", f.strategy, "longest_idle, best_skill, ...");
  }
  sub->add_option("--set", f.set, "KEY=VALUE, as offer.timeout=30s; null takes one away")
      ->allow_extra_args(false);
  when_asked(sub, into,
             [order](control_client& daemon) { return change_with_fields(daemon, *order); });
}

void declare_change(CLI::App* sub, command_line& into, const order_ptr& order) {
  when_asked(sub, into, [order](control_client& daemon) { return change(daemon, *order); });
}

/// Without either, a connection ends with what let it in.
void declare_connections(CLI::App* sub, const std::shared_ptr<token_order>& what) {
  auto* all = sub->add_flag_callback(
      "--end-connections", [what] { what->end_connections = true; },
      "Ends all of the account's open connections");
  sub->add_flag_callback(
         "--keep-connections", [what] { what->end_connections = false; },
         "Ends none [those that the old one let in]")
      ->excludes(all);
}

void declare_secrets(CLI::App& account, command_line& into) {
  auto* password =
      account.add_subcommand("password", "Sets the password: the standard input's first line");
  auto whose = std::make_shared<token_order>();
  password->add_option("ID", whose->id, "The account")->required();
  declare_connections(password, whose);
  when_asked(password, into, [whose](control_client& daemon) {
    return set_account_password(daemon, whose->id, whose->end_connections);
  });

  auto* token = account.add_subcommand("token", "Makes a new token, and shows it this once");
  auto what = std::make_shared<token_order>();
  token->add_option("ID", what->id, "The account")->required();
  token->add_option_function<std::string>(
      "--overlap",
      [what](const std::string& text) {
        auto span = text == "0" ? std::optional<millis>(millis{0}) : config::parse_duration(text);
        if (!span) throw CLI::ValidationError("--overlap", "expected 24h, 30m, 0");
        what->overlap_ms = span->count();
      },
      "How long the old one stays good [24h]");
  declare_connections(token, what);
  when_asked(token, into,
             [what](control_client& daemon) { return new_account_token(daemon, *what); });
}

void declare_groups(CLI::App& group, command_line& into) {
  auto* create = group.add_subcommand("create", "A new group");
  declare_fields(create, into, declared(create, "group.create", "Its id"), false);
  auto* update = group.add_subcommand("update", "Changes what is given, leaves the rest");
  declare_fields(update, into, declared(update, "group.update", "The group"), false);

  auto* merge = group.add_subcommand("merge", "One group into another: agents, rules, who waits");
  auto merger = declared(merge, "group.merge", "The group that ends");
  merge->add_option("--into", merger->into, "The group that stays")->required();
  declare_change(merge, into, merger);
  auto* retire = group.add_subcommand("retire", "Ends a group; who waits is routed anew");
  auto end = declared(retire, "group.retire", "The group");
  retire->add_option("--into", end->into, "Where rules that name it send instead");
  declare_change(retire, into, end);
}

void declare_list(CLI::App* list, command_line& into) {
  auto page = std::make_shared<account_page>();
  list->add_option("--after", page->after, "Those behind this id");
  list->add_option("--limit", page->limit, "At most so many [100]")->check(CLI::Range(1, 1'000));
  when_asked(list, into, [page](control_client& daemon) { return list_accounts(daemon, *page); });
}

}  // namespace

void declare_accounts(CLI::App& app, command_line& into) {
  declare_list(app.add_subcommand("accounts", "Accounts, as they are configured"), into);

  auto* account = app.add_subcommand("account", "Creates, changes, disables an account");
  account->require_subcommand(1);
  declare_list(account->add_subcommand("list", "As `accounts`"), into);
  auto* write = account->add_subcommand(
      "export", "All accounts as a list `agents:`, with hashes of tokens and passwords");
  when_asked(write, into, [](control_client& daemon) { return export_accounts(daemon); });
  auto* read = account->add_subcommand(
      "import", "The accounts of such a list: new ones are made, of others the log-in is taken");
  auto file = std::make_shared<std::string>(), why = std::make_shared<std::string>();
  read->add_option("FILE", *file, "What `account export` wrote, or a dispatch file")->required();
  read->add_option("--reason", *why, "Why, for the history");
  when_asked(read, into,
             [file, why](control_client& daemon) { return import_accounts(daemon, *file, *why); });
  auto* create = account->add_subcommand("create", "A new account; then `account token ID`");
  declare_fields(create, into, declared(create, "account.create", "Its id"), true);
  auto* update = account->add_subcommand("update", "Changes what is given, leaves the rest");
  declare_fields(update, into, declared(update, "account.update", "The account"), true);
  auto* disable =
      account->add_subcommand("disable", "No log-in, no new work; what is served is finished");
  declare_change(disable, into, declared(disable, "account.disable", "The account"));
  auto* enable = account->add_subcommand("enable", "As it was before");
  declare_change(enable, into, declared(enable, "account.enable", "The account"));
  declare_secrets(*account, into);

  declare_groups(*app.get_subcommand("group"), into);

  auto* times = app.get_subcommand("agent")->add_subcommand(
      "times", "Time by state and reason, by day (UTC)");
  auto question = std::make_shared<times_question>();
  times->add_option("ID", question->agent, "The agent")->required();
  times->add_option("--days", question->days, "The last so many [all that are kept]")
      ->check(CLI::Range(1, 35));
  when_asked(times, into,
             [question](control_client& daemon) { return show_agent_times(daemon, *question); });

  auto* hash = app.add_subcommand("hash-password",
                                  "A hash for password_hash, of the standard input's first line");
  when_given(hash, into, [] { return hash_password(); });
}

}  // namespace switchboard::ctl
