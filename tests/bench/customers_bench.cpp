// How long agents wait for a trail page and an indexed search when there is much: a million
// sessions and a million profiles, written by the projections as the journal would have brought
// them.
//
//     customers_bench DIR [--sessions N] [--profiles N]     makes the state in DIR unless it is
//     there, then measures
//
// Prints one line of JSON: milliseconds by percentile. The first customer has 10,000 of the
// sessions.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>

#include "actors/read_model/projection/customer_projection.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/session_projection.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/trail_reading.hpp"
#include "actors/session/journal_key.hpp"
#include "actors/session/session_machine.hpp"
#include "runtime/store/state_lmdb.hpp"

namespace switchboard {
namespace {

constexpr timestamp start = from_unix_ms(1'700'000'000'000);
constexpr std::size_t of_the_first = 10'000, batch_size = 4'000, rounds = 3'000;

std::string person_name(std::size_t n) {
  static const char* const family[] = {"王",    "李",  "张",     "刘",      "陈",
                                       "Wang ", "Li ", "Smith ", "Garcia ", "Müller "};
  static const char* const given[] = {"芳",    "伟",   "娜",     "敏",     "静",
                                      "Anna ", "Ben ", "Carla ", "David ", "Emma "};
  return std::string(family[n % 10]) + given[n / 10 % 10] + std::to_string(n / 100);
}
std::string phone_of(std::size_t n) {
  return std::to_string(13'000'000'000ull + n);
}
std::string email_of(std::size_t n) {
  return "customer" + std::to_string(n) + "@example.com";
}
std::string tag_of(std::size_t n) {
  return "tag" + std::to_string(n % 200);
}
person_id person_of(std::size_t n) {
  return person_id{"m:" + std::to_string(n)};
}

class world {
 public:
  world(const std::string& dir, std::size_t sessions, std::size_t profiles)
      : sessions_(sessions), profiles_(profiles) {
    std::vector<std::string> tables = of_sessions_.tables();
    for (auto& t : of_customers_.tables()) tables.push_back(t);
    std::filesystem::create_directories(dir);
    auto opened = store::state_lmdb::open({dir, std::size_t{64} << 30, 128, 64}, tables);
    if (!opened) throw std::runtime_error(opened.error().message);
    state_ = std::move(*opened);
  }
  const store::state& state() const { return *state_; }

  void make() {
    if (state_->projected() >= sessions_ + profiles_) return;
    for (std::size_t from = 0; from < profiles_; from += batch_size) {
      batch(from, std::min(profiles_, from + batch_size),
            [this](std::size_t n) { return profile(n); });
    }
    for (std::size_t from = 0; from < sessions_; from += batch_size) {
      batch(from, std::min(sessions_, from + batch_size),
            [this](std::size_t n) { return session(n); });
      if (from % 100'000 == 0) std::fprintf(stderr, "%zu sessions\n", from);
    }
  }

 private:
  template <class Make> void batch(std::size_t from, std::size_t to, Make make) {
    {
      auto before = state_->view();
      for (auto n = from; n < to; ++n) {
        auto r = make(n);
        of_sessions_.fold(r, *before);
        of_customers_.fold(r, *before);
      }
    }
    auto done = state_->write(at_, [this](store::state_batch& b) {
      of_sessions_.flush(b);
      of_customers_.flush(b);
    });
    if (!done) throw std::runtime_error(done.error().message);
  }

  store::placed_record profile(std::size_t n) {
    store::placed_record r;
    r.at = ++at_;
    r.body.kind = store::entity_kind::customer;
    r.body.key = person_of(n).value;
    r.body.at = start;
    encode(customer_event::identity_linked{{"app", "u" + std::to_string(n), "", true, start},
                                           std::to_string(n)},
           start, r.body.events);
    encode(
        customer_event::profile_changed{
            "channel:app",
            {{"name", person_name(n)}, {"phone", phone_of(n)}, {"email", email_of(n)}}},
        start, r.body.events);
    encode(customer_event::tagged{"tag", {tag_of(n), "all"}, {}}, start, r.body.events);
    return r;
  }

  store::placed_record session(std::size_t n) {
    // The first customer's lie scattered among the others'.
    bool first = n % (sessions_ / of_the_first) == 0;
    auto person = first ? person_of(0) : person_of(1 + chance_() % (profiles_ - 1));
    auto at = start + millis{static_cast<std::int64_t>(n) * 500};
    session_state s;
    s.id = make_session_id(static_cast<shard_id>(n), at, n, chance_());
    consultation_request request;
    request.request_id = "r" + std::to_string(n);
    request.channel = "app";
    request.customer.id = "u" + person.value;
    request.entry = "home";
    request.message = message_content{"m1", "text", {std::string("\x81\xa4text\xa2hi")}};
    findings found;
    found.person = person;
    store::placed_record r;
    r.at = ++at_;
    r.body.at = at;
    auto add = [&](session_payload what) {
      auto e = sequence(s, std::move(what), at);
      apply(s, e);
      session_codec::encode(e, r.body.events);
    };
    for (auto& e : session_machine::open(request, {}, 1, "zh")) add(std::move(e));
    add(event::identified{{}, {}, found, false});
    add(event::assigned{{"agent", "lin", "Lin"}, group_id{"sales"}, {}, "longest idle"});
    add(event::message{
        0, {"agent", "lin", "Lin"}, "text", {std::string("\x81\xa4text\xa2yo")}, {}});
    add(event::closed{"solved", {"agent", "lin", "Lin"}, "closed"});
    r.body.key = journal_key(s.id);
    r.body.channel = "app";
    return r;
  }

  std::size_t sessions_, profiles_;
  std::unique_ptr<store::state_lmdb> state_;
  session_projection of_sessions_;
  customer_projection of_customers_;
  store::position at_ = 0;
  std::mt19937_64 chance_{7};
};

class stopwatch {
 public:
  template <class Run> void time(Run run) {
    auto before = std::chrono::steady_clock::now();
    run();
    took_.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before)
            .count());
  }
  std::string json(const char* name) {
    std::ranges::sort(took_);
    auto at = [&](double share) {
      return took_[static_cast<std::size_t>(share * static_cast<double>(took_.size() - 1))];
    };
    char text[160];
    std::snprintf(text, sizeof text, "\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name,
                  at(0.5), at(0.99), took_.back());
    return text;
  }

 private:
  std::vector<double> took_;
};

void expect(bool what, const char* else_) {
  if (!what) throw std::runtime_error(else_);
}

std::string measure_trail(const store::state& state, std::size_t sessions) {
  std::mt19937_64 chance(11);
  stopwatch watch;
  for (std::size_t i = 0; i < rounds; ++i) {
    std::optional<projecting::trail_cursor> before;
    auto depth = static_cast<std::int64_t>(chance() % (sessions - 1)) * 500 + 400'000;
    if (i % 2 == 1) before = projecting::trail_cursor{start + millis{depth}, "session", ""};
    watch.time([&] {
      auto page = projecting::read_trail_page(*state.view(), {person_of(0)}, {}, before, 20);
      expect(!page.lines.empty(), "a page of the trail is empty");
    });
  }
  return watch.json("trail_page_ms");
}

template <class Query>
std::string measure_search(const store::state& state, const char* name, Query query) {
  std::mt19937_64 chance(13);
  stopwatch watch;
  for (std::size_t i = 0; i < rounds; ++i) {
    auto q = query(chance());
    watch.time([&] {
      auto page = projecting::search_customers(*state.view(), q);
      expect(page && !page->found.empty(), "a search finds nobody");
      for (auto& r : page->found) codec::pack(projecting::line_of(r), codec::audience::client);
    });
  }
  return watch.json(name);
}

void run(const std::string& dir, std::size_t sessions, std::size_t profiles) {
  world w(dir, sessions, profiles);
  w.make();
  auto out =
      "{\"sessions\":" + std::to_string(sessions) + ",\"profiles\":" + std::to_string(profiles);
  out += "," + measure_trail(w.state(), sessions);
  using q = projecting::customer_query;
  out += "," + measure_search(w.state(), "name_prefix_ms", [&](std::uint64_t n) {
           auto name = person_name(n % profiles);
           // The first letter alone up to nearly the whole name.
           return q{.name = name.substr(0, 3 + n % 4 * 3)};
         });
  out += "," + measure_search(w.state(), "phone_ms",
                              [&](std::uint64_t n) { return q{.phone = phone_of(n % profiles)}; });
  out += "," + measure_search(w.state(), "email_ms",
                              [&](std::uint64_t n) { return q{.email = email_of(n % profiles)}; });
  out += "," +
         measure_search(w.state(), "tag_ms", [&](std::uint64_t n) { return q{.tag = tag_of(n)}; });
  out += "," + measure_search(w.state(), "tag_and_name_ms", [&](std::uint64_t n) {
           return q{.name = person_name(n % 10).substr(0, 3), .tag = "all"};
         });
  std::printf("%s}\n", out.c_str());
}

}  // namespace
}  // namespace switchboard

int main(int argc, char** argv) {
  std::size_t sessions = 1'000'000, profiles = 1'000'000;
  if (argc < 2 || argv[1][0] == '-') {
    std::fprintf(stderr, "usage: customers_bench DIR [--sessions N] [--profiles N]\n");
    return 2;
  }
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--sessions")) sessions = std::strtoull(argv[i + 1], nullptr, 10);
    if (!std::strcmp(argv[i], "--profiles")) profiles = std::strtoull(argv[i + 1], nullptr, 10);
  }
  try {
    switchboard::run(argv[1], std::max<std::size_t>(sessions, 20'000),
                     std::max<std::size_t>(profiles, 1'000));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "customers_bench: %s\n", e.what());
    return 1;
  }
}
