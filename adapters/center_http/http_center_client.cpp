#include "adapters/center_http/http_center_client.hpp"

#include <thread>
#include <utility>

#include <boost/asio.hpp>

#include "adapters/center/member_choice.hpp"
#include "adapters/center_http/http_requests.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard::center {
namespace {

constexpr std::array<std::string_view, 4> names{"member", "tag", "product", "trade"};

/// What several requests find, each of which comes by itself. On the io thread only.
struct member_gathering {
  when_answered<member_lookup> then;
  bool id_given = false;
  std::size_t awaited = 0;
  std::array<std::vector<member_record>, 4> found;  // by member_key
  std::optional<error> trouble;
  millis age{0};

  void finish() {
    if (trouble) return then({tl::unexpected(*trouble), millis{0}});
    std::vector<key_finding> findings;
    for (std::size_t k = 0; k < found.size(); ++k) {
      if (found[k].empty()) continue;
      auto& one = findings.emplace_back();
      one.by = static_cast<member_key>(k);
      for (const auto& m : found[k]) one.ids.push_back(m.id);
    }
    auto chosen = choose_member(findings, id_given);
    member_lookup out;
    out.by = chosen.by;
    out.conflicts = std::move(chosen.conflicts);
    if (!chosen.id.empty()) out.member = found[static_cast<std::size_t>(chosen.by)].front();
    then({std::move(out), age});
  }
};

std::string milliseconds(timestamp t, const config::center_mapping& mapping) {
  if (t == timestamp::min() || t == timestamp::max()) return {};
  return std::to_string(mapping.times_in_seconds ? unix_ms(t) / 1000 : unix_ms(t));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

/// The service's own words for the states asked for.
std::string states_text(const std::vector<order_state>& states,
                        const config::center_mapping& mapping) {
  std::vector<std::string> words;
  for (auto s : states) {
    bool named = false;
    for (const auto& [theirs, ours] : mapping.states) {
      if (ours != to_string(s)) continue;
      words.push_back(theirs);
      named = true;
    }
    if (!named) words.emplace_back(to_string(s));
  }
  return joined(words);
}

class pooled_client final : public http_center_client {
 public:
  pooled_client(std::shared_ptr<center_client> embedded, const clock_source& clock)
      : embedded_(std::move(embedded)), clock_(clock), work_(asio_work(io_)) {}
  ~pooled_client() override { stop(); }

  result<void> open(const http_plan& plan, std::uint64_t seed) {
    for (std::size_t i = 0; i < plan.size(); ++i) {
      if (!plan[i]) continue;
      auto service = make_center_service(io_, plan[i]->service, clock_, seed + i);
      if (!service) return tl::unexpected(service.error());
      auto requests = http_requests::make(names[i], plan[i]->mapping, std::move(*service));
      if (!requests) return tl::unexpected(requests.error());
      remote_[i].emplace(std::move(*requests));
    }
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  void stop() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  void find_member(const member_keys& keys, when_answered<member_lookup> then) override {
    auto* to = remote(center_kind::member);
    if (!to) return embedded_->find_member(keys, std::move(then));
    struct question {
      member_key by;
      const char *request, *name;
      std::string value;
    };
    std::vector<question> all{{member_key::member_id, "by_member_id", "member_id", keys.member_id},
                              {member_key::union_id, "by_union_id", "union_id", keys.union_id},
                              {member_key::phone, "by_phone", "phone", phone_form(keys.phone)},
                              {member_key::email, "by_email", "email", email_form(keys.email)}};
    std::erase_if(all, [&](const question& q) { return q.value.empty() || !to->has(q.request); });
    if (all.empty()) return then({member_lookup{}, millis{0}});
    auto gathering = std::make_shared<member_gathering>();
    gathering->then = std::move(then);
    gathering->id_given = !keys.member_id.empty();
    gathering->awaited = all.size();
    for (const auto& q : all) {
      to->ask<std::vector<member_record>>(
          q.request, {{q.name, q.value}}, freshness::kept, records(to, member_in),
          [gathering, by = q.by](answered<std::vector<member_record>> a) {
            auto& g = *gathering;
            if (!a.value)
              g.trouble = a.value.error();
            else
              g.found[static_cast<std::size_t>(by)] = std::move(*a.value);
            g.age = std::max(g.age, a.age);
            if (--g.awaited == 0) g.finish();
          });
    }
  }

  void tags_of_member(const std::string& member_id,
                      when_answered<std::vector<std::string>> then) override {
    auto* to = remote(center_kind::tag);
    if (!to) return embedded_->tags_of_member(member_id, std::move(then));
    ask_tags(*to, "of_member", {{"member_id", member_id}}, std::move(then));
  }

  void tags_of_identity(const std::string& channel, const std::string& customer_id,
                        when_answered<std::vector<std::string>> then) override {
    auto* to = remote(center_kind::tag);
    if (!to) return embedded_->tags_of_identity(channel, customer_id, std::move(then));
    if (!to->has("of_identity")) return then({std::vector<std::string>(), millis{0}});
    ask_tags(*to, "of_identity", {{"channel", channel}, {"customer_id", customer_id}},
             std::move(then));
  }

  void find_product(const std::string& id,
                    when_answered<std::optional<product_record>> then) override {
    auto* to = remote(center_kind::product);
    if (!to) return embedded_->find_product(id, std::move(then));
    to->ask<std::optional<product_record>>("find", {{"product_id", id}}, freshness::kept,
                                           one_record(to, product_in), std::move(then));
  }

  void search_products(const std::string& text, std::size_t most,
                       when_answered<std::vector<product_record>> then) override {
    auto* to = remote(center_kind::product);
    if (!to) return embedded_->search_products(text, most, std::move(then));
    if (text.empty()) return then({std::vector<product_record>(), millis{0}});
    auto read = [to, text, most](const json& whole,
                                 const std::string& at) -> result<std::vector<product_record>> {
      auto found = all_of(whole, at, to->mapping(), product_in);
      if (!found) return found;
      if (to->mapping().search_here) return matching_products(std::move(*found), text, most);
      if (found->size() > most) found->resize(most);
      return found;
    };
    to->ask<std::vector<product_record>>("search", {{"text", text}, {"most", std::to_string(most)}},
                                         freshness::kept, read, std::move(then));
  }

  void find_order(const std::string& id, freshness f,
                  when_answered<std::optional<order_record>> then) override {
    auto* to = remote(center_kind::order);
    if (!to) return embedded_->find_order(id, f, std::move(then));
    if (to->has("logistics")) then = with_logistics(to, id, f, std::move(then));
    to->ask<std::optional<order_record>>("find", {{"order_id", id}}, f, one_record(to, order_in),
                                         std::move(then));
  }

  void orders_of(const std::string& member_id, const order_query& query, freshness f,
                 when_answered<std::vector<order_record>> then) override {
    auto* to = remote(center_kind::order);
    if (!to) return embedded_->orders_of(member_id, query, f, std::move(then));
    auto read = [to, member_id, query](const json& whole,
                                       const std::string& at) -> result<std::vector<order_record>> {
      auto found = all_of(whole, at, to->mapping(), order_in);
      if (!found) return found;
      return matching_orders(std::move(*found), member_id, query);
    };
    // Where the service does not pick by state or time, what is picked here must come first.
    bool timed = query.from != timestamp::min() || query.to != timestamp::max();
    bool picks = (query.states.empty() || to->uses("orders", "states")) &&
                 (!timed || to->uses("orders", "from"));
    constexpr std::size_t enough = 200;
    auto most = picks ? query.most : std::max(query.most, enough);
    to->ask<std::vector<order_record>>("orders",
                                       {{"member_id", member_id},
                                        {"states", states_text(query.states, to->mapping())},
                                        {"from", milliseconds(query.from, to->mapping())},
                                        {"to", milliseconds(query.to, to->mapping())},
                                        {"most", std::to_string(most)}},
                                       f, read, std::move(then));
  }

  void open_orders(const std::string& member_id, when_answered<std::size_t> then) override {
    if (!remote(center_kind::order)) return embedded_->open_orders(member_id, std::move(then));
    order_query open;
    open.states = {order_state::paid, order_state::shipped, order_state::refunding};
    open.most = 200;
    orders_of(member_id, open, freshness::kept,
              [then = std::move(then)](answered<std::vector<order_record>> a) {
                if (!a.value) return then({tl::unexpected(a.value.error()), a.age});
                then({a.value->size(), a.age});
              });
  }

  void bought_together(const std::vector<std::string>& product_ids, std::size_t most,
                       when_answered<std::vector<companion>> then) override {
    auto* to = remote(center_kind::order);
    if (!to) return embedded_->bought_together(product_ids, most, std::move(then));
    if (!to->has("together")) return then({std::vector<companion>(), millis{0}});
    auto read = [most](const json& whole, const std::string& at) {
      auto found = companions_in(part_at(whole, at));
      if (found && found->size() > most) found->resize(most);
      return found;
    };
    to->ask<std::vector<companion>>(
        "together", {{"product_ids", joined(product_ids)}, {"most", std::to_string(most)}},
        freshness::kept, read, std::move(then));
  }

  center_health health(center_kind kind) const override {
    auto& to = remote_[static_cast<std::size_t>(kind)];
    return to ? to->service().health() : embedded_->health(kind);
  }

 private:
  using work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  static work asio_work(boost::asio::io_context& io) { return boost::asio::make_work_guard(io); }

  const http_requests* remote(center_kind kind) const {
    auto& to = remote_[static_cast<std::size_t>(kind)];
    return to ? &*to : nullptr;
  }

  static void ask_tags(const http_requests& to, const char* request,
                       const std::map<std::string, std::string>& values,
                       when_answered<std::vector<std::string>> then) {
    auto read = [&to](const json& whole, const std::string& at) {
      const auto& record = part_at(whole, at);
      return tags_in(part_at(record, to.mapping().fields.find("tags")->second), to.mapping());
    };
    to.ask<std::vector<std::string>>(request, values, freshness::kept, read, std::move(then));
  }

  /// Where the parcel is, is asked elsewhere; without that answer the order is still one.
  static when_answered<std::optional<order_record>> with_logistics(
      const http_requests* to, const std::string& id, freshness f,
      when_answered<std::optional<order_record>> then) {
    return [to, id, f, then = std::move(then)](answered<std::optional<order_record>> order) {
      if (!order.value || !*order.value) return then(std::move(order));
      auto read = [to](const json& whole, const std::string& at) -> result<order_logistics> {
        return logistics_in(part_at(whole, at), to->mapping());
      };
      to->ask<order_logistics>("logistics", {{"order_id", id}}, f, read,
                               [order, then](answered<order_logistics> l) mutable {
                                 if (l.value) (**order.value).logistics = std::move(*l.value);
                                 then(std::move(order));
                               });
    };
  }

  std::shared_ptr<center_client> embedded_;
  const clock_source& clock_;
  boost::asio::io_context io_{1};
  work work_;
  std::array<std::optional<http_requests>, 4> remote_;
  std::thread thread_;
};

}  // namespace

result<http_requests> http_requests::make(std::string_view center,
                                          const config::center_mapping& mapping,
                                          std::shared_ptr<center_service> service) {
  http_requests out;
  out.mapping_ = mapping;
  out.service_ = std::move(service);
  for (const auto& form : config::mapping_form_of(center).requests) {
    auto at = mapping.requests.find(form.name);
    if (at == mapping.requests.end()) continue;
    auto path = path_template::parse(at->second.path, form.values);
    if (!path) {
      return fail(errc::invalid_argument, std::string(center) + " center, request " + form.name +
                                              ": " + path.error().message);
    }
    out.paths_.emplace(form.name, std::move(*path));
  }
  return out;
}

result<std::shared_ptr<http_center_client>> open_http_center_client(
    const http_plan& plan, std::shared_ptr<center_client> embedded, const clock_source& clock,
    std::uint64_t seed) {
  auto made = std::make_shared<pooled_client>(std::move(embedded), clock);
  if (auto ok = made->open(plan, seed); !ok) return tl::unexpected(ok.error());
  return std::shared_ptr<http_center_client>(std::move(made));
}

}  // namespace switchboard::center
