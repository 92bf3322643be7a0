#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/center/center_client.hpp"
#include "adapters/center/recommendation.hpp"

namespace switchboard {

/// Who is recommended to, and by what words.
struct recommend_question {
  std::string text, member_id;
  std::vector<std::string> tags;
  bool tags_known = false;
  std::vector<std::string> shown;
  std::size_t most = 10;
};

/// What the centers say for a recommendation, asked all at once in three rounds: words, tags and
/// orders; what the tags find and what goes with the orders; the products that go with them. Each
/// question ends by its center's own deadline; what did not answer is named and left out.
/// Thread-safe; keeps itself until the end.
class recommend_gathering : public std::enable_shared_from_this<recommend_gathering> {
 public:
  using when_done =
      std::function<void(std::vector<center::recommended>, std::vector<std::string> missing)>;

  static void start(std::shared_ptr<center::center_client> client, recommend_question q,
                    when_done then);

 private:
  recommend_gathering(std::shared_ptr<center::center_client> client, recommend_question q,
                      when_done then)
      : client_(std::move(client)), q_(std::move(q)), then_(std::move(then)) {}

  void first_round();
  void second_round();
  void third_round();
  void finish();
  /// Wraps what to do with an answer: counts it, and goes on after the round's last.
  template <class T, class Use> center::when_answered<T> awaited(const char* what, Use use);
  void begin(void (recommend_gathering::*next)());
  void arrived();

  std::shared_ptr<center::center_client> client_;
  const recommend_question q_;
  when_done then_;
  std::atomic<int> awaited_{0};
  void (recommend_gathering::*next_)() = nullptr;

  std::mutex lock_;
  center::recommend_input in_;
  std::vector<std::string> tags_;
  std::vector<center::companion> companions_;
  std::vector<std::string> missing_;
};

}  // namespace switchboard
