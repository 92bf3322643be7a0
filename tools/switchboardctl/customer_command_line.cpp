#include "tools/switchboardctl/customer_command_line.hpp"

#include "config/quantity.hpp"
#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/control_client.hpp"
#include "tools/switchboardctl/customer_commands.hpp"

namespace switchboard::ctl {
namespace {

void add_which(CLI::App* sub, const std::shared_ptr<customer_filter>& which) {
  auto* where = sub->add_option("--where", which->condition, "A CEL condition over `customer`");
  sub->add_option("--segment", which->segment, "A segment's id")->excludes(where);
}

void declare_reading(CLI::App* customer, command_line& into) {
  auto* search =
      customer->add_subcommand("search", "Customers by name, telephone, mail, tag or CEL");
  auto which = std::make_shared<customer_filter>();
  search->add_option("--name", which->name, "The beginning of a name");
  search->add_option("--phone", which->phone, "A telephone number, in any form");
  search->add_option("--email", which->email, "A mail address");
  search->add_option("--tag", which->tag, "A tag");
  add_which(search, which);
  search->add_option("--limit", which->limit, "At most so many [20]")
      ->check(CLI::Range(1, 100'000));
  when_asked(search, into, [which](control_client& d) { return search_customers(d, *which); });

  auto id = std::make_shared<std::string>();
  auto* show = customer->add_subcommand("show", "One customer: profile, identities, conflicts");
  show->add_option("ID", *id, "The customer's id, or that of one of its sessions")->required();
  when_asked(show, into, [id](control_client& d) { return show_customer(d, *id); });

  auto limit = std::make_shared<std::int64_t>(20);
  auto* trail = customer->add_subcommand("trail", "Sessions, orders and leads, newest first");
  trail->add_option("ID", *id, "The customer's id")->required();
  trail->add_option("--limit", *limit, "At most so many [20]")->check(CLI::Range(1, 200));
  when_asked(trail, into, [id, limit](control_client& d) { return show_trail(d, *id, *limit); });
}

void declare_changing(CLI::App* customer, command_line& into) {
  auto id = std::make_shared<std::string>(), other = std::make_shared<std::string>();
  auto* merge = customer->add_subcommand("merge", "Makes one customer of two; unmerge undoes it");
  merge->add_option("ID", *id, "Who is seen no longer")->required();
  merge->add_option("--into", *other, "Who stays")->required();
  when_asked(merge, into, [=](control_client& d) { return merge_customers(d, *id, *other); });

  auto* unmerge = customer->add_subcommand("unmerge", "Undoes a merge");
  unmerge->add_option("ID", *id, "Who was merged away")->required();
  when_asked(unmerge, into, [id](control_client& d) { return unmerge_customer(d, *id); });

  auto span = std::make_shared<std::int64_t>(0);
  auto* block = customer->add_subcommand("block", "Refuses a customer's requests");
  block->add_option("ID", *id, "The customer's id")->required();
  block->add_option("--reason", *other, "Shown to who is refused")->required();
  block->add_option_function<std::string>(
      "--for",
      [span](const std::string& text) {
        auto parsed = config::parse_duration(text);
        if (!parsed || parsed->count() <= 0)
          throw CLI::ValidationError("--for", "expected 24h, 7d");
        *span = parsed->count();
      },
      "For so long [until unblocked]");
  when_asked(block, into, [=](control_client& d) { return block_customer(d, *id, *other, *span); });

  auto* unblock = customer->add_subcommand("unblock", "Lets a customer in again");
  unblock->add_option("ID", *id, "The customer's id")->required();
  when_asked(unblock, into, [id](control_client& d) { return unblock_customer(d, *id); });
}

void declare_handing_out(CLI::App* customer, command_line& into) {
  auto which = std::make_shared<customer_filter>();
  auto file = std::make_shared<std::string>(), id = std::make_shared<std::string>();
  auto* list = customer->add_subcommand("export", "Customers as CSV");
  add_which(list, which);
  list->add_option("--out", *file, "The file to write")->required();
  when_asked(list, into, [=](control_client& d) { return export_customers(d, *which, *file); });

  auto* dossier = customer->add_subcommand("dossier", "Everything about one customer, as JSON");
  dossier->add_option("ID", *id, "The customer's id")->required();
  dossier->add_option("--out", *file, "The file to write")->required();
  when_asked(dossier, into, [=](control_client& d) { return write_dossier(d, *id, *file); });

  auto* erase = customer->add_subcommand("erase", "Destroys one customer's data; counts stay");
  auto dry = std::make_shared<bool>(false), yes = std::make_shared<bool>(false);
  erase->add_option("ID", *id, "The customer's id")->required();
  auto* dry_run = erase->add_flag("--dry-run", *dry, "Says what would be destroyed");
  erase->add_flag("--yes", *yes, "Destroys it; cannot be undone")->excludes(dry_run);
  when_asked(erase, into, [=](control_client& d) -> outcome {
    if (*dry || *yes) return erase_customer(d, *id, *dry);
    return tl::unexpected(failure{exit_code::usage,
                                  "usage",
                                  "this cannot be undone: look with --dry-run, then say --yes",
                                  {},
                                  {}});
  });
}

}  // namespace

void declare_customers(CLI::App& app, command_line& into) {
  auto* customer = app.add_subcommand("customer", "Customers: search, merge, block, export, erase");
  customer->require_subcommand(1);
  declare_reading(customer, into);
  declare_changing(customer, into);
  declare_handing_out(customer, into);
}

}  // namespace switchboard::ctl
